package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A copy of our own PostgreSQL's files while it works, by its low-level backup API: all that was
 * committed before {@link #take} returns is in it, since the log from the start of the copying to
 * its end is copied too, and replayed when the copy is started. The binaries that are brought along
 * have no {@code pg_basebackup}. See PostgreSQL's documentation, 25.3.4.
 */
final class ClusterCopy {
  /** The directories stay, what is in them is of a running server. */
  private static final Set<String> EMPTIED =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT =
      Set.of("postmaster.pid", "postmaster.opts", "epg-lock", "pg_internal.init", "pgsql_tmp");

  private ClusterCopy() {}

  /**
   * Copies.
   *
   * @param directory of our own database, with a running PostgreSQL
   * @param target the data directory of the copy; must not exist
   * @param copied hears of the bytes of each file
   * @throws InstallationException when none runs there, or it cannot be copied
   */
  static void take(Path directory, Path target, LongConsumer copied) {
    DatabaseAddress owner = EmbeddedDatabase.runningOwner(directory);
    try (Connection session = Connections.open(owner);
        Statement statement = session.createStatement()) {
      copy(statement, directory.resolve("data"), target, copied);
    } catch (SQLException | IOException failed) {
      throw new InstallationException(
          "the database in " + directory + " cannot be copied: " + failed.getMessage(), failed);
    }
  }

  private static void copy(Statement session, Path data, Path target, LongConsumer copied)
      throws SQLException, IOException {
    // Of this session: otherwise a checkpoint during the copying would remove the log it needs.
    session.execute(
        "SELECT pg_create_physical_replication_slot('billing_backup_' || pg_backend_pid(),"
            + " true, true)");
    String first = text(session, "SELECT pg_walfile_name(pg_backup_start('billing backup', true))");
    copyFiles(data, target, copied);
    String last;
    try (ResultSet end =
        session.executeQuery(
            "SELECT pg_walfile_name(lsn), labelfile, spcmapfile FROM pg_backup_stop(false)")) {
      end.next();
      last = end.getString(1);
      // Without it the copy would start from its control file, and be corrupt.
      OwnerOnlyFiles.write(target.resolve("backup_label"), end.getString(2));
      if (!end.getString(3).isEmpty()) {
        throw new IOException("there are tablespaces outside of the data directory");
      }
    }
    copyLog(data.resolve("pg_wal"), target.resolve("pg_wal"), first, last);
  }

  private static String text(Statement session, String query) throws SQLException {
    try (ResultSet found = session.executeQuery(query)) {
      found.next();
      return found.getString(1);
    }
  }

  private static void copyFiles(Path data, Path target, LongConsumer copied) throws IOException {
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (isLeftOut(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Path copy = target.resolve(data.relativize(directory).toString());
            OwnerOnlyFiles.makeDirectory(copy);
            boolean emptied =
                data.equals(directory.getParent()) && EMPTIED.contains(name(directory));
            return emptied ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!isLeftOut(file)) {
              try {
                copied.accept(
                    OwnerOnlyFiles.copy(file, target.resolve(data.relativize(file).toString())));
              } catch (NoSuchFileException dropped) {
                // While it was read: the log says so too.
                return FileVisitResult.CONTINUE;
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failed;
          }
        });
    OwnerOnlyFiles.makeDirectory(target.resolve("pg_wal/archive_status"));
  }

  private static void copyLog(Path from, Path to, String first, String last) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        String segment = name(file);
        if (segment.matches("[0-9A-F]{24}")
            && segment.compareTo(first) >= 0
            && segment.compareTo(last) <= 0) {
          var unused = OwnerOnlyFiles.copy(file, to.resolve(segment));
        }
      }
    }
    if (!Files.exists(to.resolve(first)) || !Files.exists(to.resolve(last))) {
      throw new IOException("its log was taken away while it was copied; try again");
    }
  }

  private static boolean isLeftOut(Path path) {
    String name = name(path);
    return LEFT_OUT.stream().anyMatch(name::startsWith);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
