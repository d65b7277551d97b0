package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of our own: a process on 127.0.0.1 with its programs and its data under a directory,
 * which stays when the server stops. Passwords are made with the database; there is no moment when
 * somebody without one gets in. No other user of the machine can read or write what is in the
 * directory.
 *
 * <p>A server that was killed leaves its PostgreSQL running: the next start ends it first. A start
 * that was ended at any moment is followed by one that starts. One that ends by itself while it
 * works is started again. For one thread, restarts aside.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String BINARIES = "binaries";

  private final Path directory;
  private final int port;
  private final boolean rolesOfOthers;
  private final Secrets secrets;
  private @Nullable Postmaster running;
  private volatile @Nullable Revival revival;
  private volatile Consumer<String> onGivenUp = why -> {};

  /**
   * A database under a directory; nothing happens yet.
   *
   * @param port 0 for any free one
   */
  public EmbeddedDatabase(Path directory, int port) {
    this(directory, port, /* rolesOfOthers= */ false);
  }

  /**
   * The same.
   *
   * @param rolesOfOthers whether it may have any; for tests, which make logins and start it again
   */
  EmbeddedDatabase(Path directory, int port, boolean rolesOfOthers) {
    this.directory = directory;
    this.port = port;
    this.rolesOfOthers = rolesOfOthers;
    this.secrets = new Secrets(directory.resolve("secrets"));
  }

  /** Why it cannot run on this machine, in one line; empty when nothing is known against it. */
  public static Optional<String> whyNotHere() {
    return PostgresSupport.whyNot();
  }

  /** Ends what a killed process has left running under a directory, if it did. */
  public static void endLeftBehind(Path directory) throws IOException {
    OrphanedPostgres.end(directory.resolve("data"));
  }

  /**
   * Starts it, and makes it on the first start. Returns when it answers.
   *
   * @throws InstallationException in one line, when it does not; nothing is left running
   */
  public void start() {
    whyNotHere()
        .ifPresent(
            why -> {
              throw new InstallationException(
                  why
                      + ". To use a PostgreSQL of your own, give --database"
                      + " jdbc:postgresql://host:port/name");
            });
    try {
      Launch launch = prepare();
      startPostmaster(launch);
      admitOwner(launch);
      try (Connection connection = Connections.open(owner())) {
        if (!rolesOfOthers) {
          OwnRoles.refuseOthers(connection);
        }
        OwnRoles.ready(connection, secrets.of("server"));
        AbsentLocale.finish(directory, connection);
      }
      keepAlive(launch);
    } catch (IOException | SQLException failed) {
      closeAfter(failed);
      throw new InstallationException(whyNotStarted(InstallationException.reason(failed)), failed);
    } catch (RuntimeException failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  private void keepAlive(Launch launch) {
    revival =
        new Revival(
            Objects.requireNonNull(running),
            same -> {
              OrphanedPostgres.endOrphans(data());
              return Postmaster.start(launch, data(), same, log());
            },
            why -> onGivenUp.accept(whyNotStarted(why)));
    revival.watchFromNowOn();
  }

  /**
   * One that ends by itself is started again, at the same port. Once that has failed again and
   * again, it stays away, and this is run with the reason in one line, on a thread of its own.
   */
  public void onGivenUp(Consumer<String> told) {
    onGivenUp = told;
  }

  /** How often it was started again because it had ended by itself. */
  public long restarts() {
    Revival known = revival;
    return known == null ? 0 : known.revived();
  }

  /** Everything but the process. */
  private Launch prepare() throws IOException {
    PrivateTree.makeRoot(directory);
    endLeftBehind(directory);
    // An earlier version had made them writable by all: they are replaced before anything is run.
    Path binaries = new Binaries(directory.resolve(BINARIES), PostgresSupport.archive()).ready();
    Launch launch = new Launch(binaries);
    var unused = secrets.of("owner");
    new Cluster(data(), portFile(directory))
        .ready(launch, OwnRoles.OWNER, directory.resolve("secrets/owner"));
    PrivateTree.settle(directory, BINARIES);
    return launch;
  }

  private void startPostmaster(Launch launch) throws IOException {
    running = Postmaster.start(launch, data(), port, log());
  }

  private Path log() {
    return directory.resolve("postgresql.log");
  }

  /** Puts right what keeps the owner out of their own database. */
  private void admitOwner(Launch launch) throws IOException, SQLException {
    try (Connection tried = Connections.open(owner())) {
      tried.setReadOnly(true);
    } catch (SQLException refused) {
      if (OwnerPassword.isWrong(refused)) {
        close();
        OwnerPassword.set(launch, data(), secrets.of("owner"));
      } else {
        freeFromLocale(launch, refused);
      }
      close();
      startPostmaster(launch);
    }
  }

  private void freeFromLocale(Launch launch, SQLException refused)
      throws IOException, SQLException {
    SQLException why = refused;
    // One for the order of texts, and one for the kinds of characters.
    for (int i = 0; i < 2; i++) {
      Optional<String> name = AbsentLocale.of(why);
      if (name.isEmpty()) {
        throw why;
      }
      Path locales = AbsentLocale.standIn(directory, name.get());
      close();
      startPostmaster(launch.with("LOCPATH", locales.toString()));
      try {
        AbsentLocale.free(owner());
        return;
      } catch (SQLException another) {
        why = another;
      }
    }
    throw why;
  }

  private String whyNotStarted(String words) {
    return "PostgreSQL cannot be started in "
        + directory
        + " (its log is postgresql.log there): "
        + LastWords.withAdvice(words, directory);
  }

  private void closeAfter(Exception failed) {
    try {
      close();
    } catch (InstallationException stillThere) {
      failed.addSuppressed(stillThere);
    }
  }

  /** The file with the port of the database in a directory that runs, or ran last. */
  public static Path portFile(Path directory) {
    return directory.resolve("port");
  }

  /**
   * The login of the server at the database that runs under a directory.
   *
   * @throws InstallationException when none was started there
   */
  public static DatabaseAddress runningServer(Path directory) {
    return runningAs(directory, OwnRoles.SERVER, "server");
  }

  /** The same of its owner. */
  static DatabaseAddress runningOwner(Path directory) {
    return runningAs(directory, OwnRoles.OWNER, "owner");
  }

  private static DatabaseAddress runningAs(Path directory, String user, String secret) {
    Path file = portFile(directory);
    if (!Files.exists(file)) {
      throw new InstallationException("there is no running database of its own in " + directory);
    }
    try {
      return new DatabaseAddress(
          url(Integer.parseInt(Files.readString(file).trim())),
          user,
          new Secrets(directory.resolve("secrets")).of(secret));
    } catch (IOException | NumberFormatException failed) {
      throw InstallationException.of("cannot read " + file, "start the server again", failed);
    }
  }

  /** For migrations. */
  public DatabaseAddress owner() {
    return new DatabaseAddress(url(port()), OwnRoles.OWNER, secrets.of("owner"));
  }

  /** For the server's own work. */
  public DatabaseAddress server() {
    return new DatabaseAddress(url(port()), OwnRoles.SERVER, secrets.of("server"));
  }

  /** The port, once started. */
  public int port() {
    if (running == null) {
      throw new IllegalStateException("PostgreSQL is not started");
    }
    return running.port();
  }

  /**
   * Copies the files of a running one: all that was committed before this returns is in the copy.
   *
   * @param directory of our own database, with a running PostgreSQL
   * @param target the data directory of the copy; must not exist
   * @param copied hears of the bytes of each file
   * @throws InstallationException when none runs there, or it cannot be copied
   */
  public static void copyRunning(Path directory, Path target, LongConsumer copied) {
    ClusterCopy.take(directory, target, copied);
  }

  /** Stops it: sessions are ended, what was committed is on the disk. */
  @Override
  public void close() {
    // The one that watches it knows which one works now.
    Revival watched = revival;
    AutoCloseable stopping = watched == null ? running : watched;
    running = null;
    revival = null;
    if (stopping == null) {
      return;
    }
    try {
      stopping.close();
    } catch (Exception failed) {
      throw new InstallationException("PostgreSQL did not stop: " + failed.getMessage(), failed);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  /**
   * By number: a name may be another address first. A program that listens there instead of
   * PostgreSQL does not get the password, which another way of logging in would show it.
   */
  private static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?requireAuth=scram-sha-256";
  }
}
