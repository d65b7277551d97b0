package io.billingsdk.server.backup;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.db.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Copies of a data directory: our own database as it was shortly before {@link #take} returned, the
 * secrets, the certificate and its authority, and the instances.
 *
 * <p>A backup is whole or not there. It holds every secret of the server, and only its owner can
 * read it. Events receipted after the copy are not in it: instances that retain delivered events
 * bring them back, and {@code streams} of the restored server lists the numbers that are still
 * missing.
 */
public final class Backups {
  /** Left for the next start, which gives the keys new versions. */
  public static final String RESTORED = "restored";

  /** Before the database: a copy with a seal that the database lacks could not go on with it. */
  private static final String SEALS = "seals";

  private static final List<String> SMALL = List.of("secrets", "broker", "postgresql/secrets");

  private Backups() {}

  /**
   * Takes one of a running server.
   *
   * @param dataDirectory with a database of our own in it
   * @param target a directory to be made
   * @param done hears of bytes that were copied, and of those that were read again for the
   *     checksums
   * @throws InstallationException when no server runs there, the target exists, or it cannot be
   *     written
   */
  public static void take(Path dataDirectory, Path target, LongConsumer done) {
    make(
        target,
        partial -> {
          copySeals(dataDirectory.resolve(SEALS), partial.resolve(SEALS), done);
          EmbeddedDatabase.copyRunning(
              dataDirectory.resolve("postgresql"), partial.resolve("postgresql/data"), done);
          // After it: an instance that was made meanwhile does no harm.
          for (String each : SMALL) {
            OwnerOnlyFiles.copyTree(dataDirectory.resolve(each), partial.resolve(each), done);
          }
          Checksums.write(partial, done);
        });
  }

  /**
   * Makes a data directory of a backup, to be served.
   *
   * @param dataDirectory to be made
   * @param done hears of bytes that were read for the checksums, and of those that were copied
   * @throws InstallationException when the backup is damaged or none, or the data directory exists
   */
  public static void restore(Path backup, Path dataDirectory, LongConsumer done) {
    make(
        dataDirectory,
        partial -> {
          Checksums.check(backup, done);
          OwnerOnlyFiles.copyTree(backup, partial, done);
          Files.delete(partial.resolve(Checksums.FILE));
          OwnerOnlyFiles.write(partial.resolve(RESTORED), "");
        });
  }

  /** Without those that are being written, which begin with a point. */
  private static void copySeals(Path from, Path to, LongConsumer done) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    OwnerOnlyFiles.makeDirectory(to);
    try (Stream<Path> all = Files.list(from)) {
      for (Path each : all.toList()) {
        String name = String.valueOf(each.getFileName());
        if (!name.startsWith(".")) {
          done.accept(OwnerOnlyFiles.copy(each, to.resolve(name)));
        }
      }
    }
  }

  /** Work that fills a directory. */
  @FunctionalInterface
  private interface Filling {
    void fill(Path directory) throws IOException;
  }

  private static void make(Path target, Filling filling) {
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    if (Files.exists(target) || Files.exists(partial)) {
      throw InstallationException.of(
          (Files.exists(target) ? target : partial) + " exists already", "name another directory");
    }
    try {
      OwnerOnlyFiles.makeDirectory(partial);
      filling.fill(partial);
      move(partial, target);
    } catch (IOException failed) {
      delete(partial);
      throw new InstallationException(target + " cannot be created: " + failed, failed);
    } catch (InstallationException refused) {
      delete(partial);
      throw refused;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException elsewhere) {
      Files.move(from, to);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException left) {
      throw new InstallationException(
          "the incomplete backup cannot be deleted: " + directory, left);
    }
  }
}
