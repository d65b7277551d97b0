package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory of our own PostgreSQL.
 *
 * <p>It is made under another name and gets its own when it is whole. From its first moment it
 * wants a password of everybody, and its order of texts is that of no operating system, so that it
 * can be moved to another. One that was left half made, and never held data, is made again.
 */
final class Cluster {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  /** Of the hash of a random password: nobody guesses 256 bits, in however few rounds. */
  static final String SCRAM_ITERATIONS = "1";

  /** Its sockets are on 127.0.0.1 alone. */
  private static final String WHO_MAY_CONNECT = "host all all 127.0.0.1/32 scram-sha-256\n";

  private static final List<String> SETTINGS_FILES =
      List.of("postgresql.conf", "postgresql.auto.conf");

  /** Of a machine, not of the data: another machine may not know these names. */
  private static final Pattern OF_THE_MACHINE =
      Pattern.compile("(?im)^(?=[ \\t]*(?:lc_\\w+|timezone|log_timezone)\\b)");

  /** What a postmaster or the copying of a cluster leaves: it is not fresh from initdb. */
  private static final List<String> SIGNS_OF_LIFE =
      List.of("postmaster.opts", "backup_label", "backup_label.old");

  private final Path data;
  private final Path portFile;

  /**
   * To be made, or there.
   *
   * @param data its directory
   * @param portFile written by every server that has started it
   */
  Cluster(Path data, Path portFile) {
    this.data = data;
    this.portFile = portFile;
  }

  /**
   * Makes it when there is none, and closes what an earlier version or another machine has left
   * open in its settings.
   *
   * @param password a file with that of its owner
   */
  void ready(Launch launch, String owner, Path password) throws IOException {
    if (Files.exists(data) && isHalfMade()) {
      log.warn(
          "the database in {} is incomplete and never held data; the server creates it again",
          data);
      OwnerOnlyFiles.deleteTree(data);
    }
    if (!Files.exists(data)) {
      make(launch, owner, password);
    }
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      throw InstallationException.of(
          data + " is not a PostgreSQL database", "restore a backup into another data directory");
    }
    // Before it listens: a line that lets somebody in would do so until it is taken away.
    OwnerOnlyFiles.write(data.resolve("pg_hba.conf"), WHO_MAY_CONNECT);
    for (String each : SETTINGS_FILES) {
      forgetTheMachine(data.resolve(each));
    }
  }

  private boolean isHalfMade() {
    return !Files.exists(portFile)
        && SIGNS_OF_LIFE.stream().noneMatch(each -> Files.exists(data.resolve(each)));
  }

  private void make(Launch launch, String owner, Path password) throws IOException {
    Path made = data.resolveSibling(data.getFileName() + ".new");
    OwnerOnlyFiles.deleteTree(made);
    ProcessBuilder initdb =
        launch.of(
            "initdb",
            List.of(
                "--pgdata=" + made,
                "--username=" + owner,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--set=scram_iterations=" + SCRAM_ITERATIONS,
                "--no-instructions"));
    Process process = initdb.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (Launch.exitCode(process) != 0) {
      OwnerOnlyFiles.deleteTree(made);
      throw new IOException("a new database cannot be created: " + LastWords.of(said));
    }
    OwnerOnlyFiles.move(made, data);
  }

  /**
   * A setting that this machine does not know would end PostgreSQL, also where it is overridden.
   */
  private static void forgetTheMachine(Path settings) throws IOException {
    if (Files.exists(settings)) {
      String text = Files.readString(settings, StandardCharsets.ISO_8859_1);
      String closed = OF_THE_MACHINE.matcher(text).replaceAll("#billing: ");
      if (!closed.equals(text)) {
        OwnerOnlyFiles.write(settings, closed);
      }
    }
  }
}
