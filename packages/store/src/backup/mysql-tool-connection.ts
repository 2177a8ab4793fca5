/** How the programs of MySQL and MariaDB reach a server. */
export interface MysqlToolConnection {
  readonly parameters: readonly string[];
  /** Holds the password, which nobody else of the machine sees there. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The connection of a URL for a program whose `--version` is given. */
export function mysqlToolConnection(url: string, version: string): MysqlToolConnection {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const socket = searchParams.get("socketPath");
  const ssl = searchParams.get("ssl");
  const isEncrypted = ssl !== null && ssl !== "false";
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    parameters: [
      // A host called localhost would mean a socket to them.
      ...(socket === null ? [`--host=${host}`, "--protocol=TCP"] : [`--socket=${socket}`]),
      ...(port === "" ? [] : [`--port=${port}`]),
      ...(username === "" ? [] : [`--user=${decodeURIComponent(username)}`]),
      ...(isEncrypted ? [version.includes("MariaDB") ? "--ssl" : "--ssl-mode=REQUIRED"] : []),
    ],
    environment: password === "" ? {} : { MYSQL_PWD: decodeURIComponent(password) },
  };
}
