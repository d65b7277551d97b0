package io.billingsdk.server.seals;

import io.billingsdk.seal.DaySeal;
import io.billingsdk.seal.SealEntry;
import io.billingsdk.seal.SealVerifier;
import io.billingsdk.seal.Witness;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The published files of the seals, outside of the database: {@code seals.txt} with a line for each
 * day, {@code DAY.rows} with an entry for each row, and public keys. Each file is whole or not
 * there. Entries are written by those who hold the lock of the seals; readers need none.
 */
final class SealFolder {
  private static final String PUBLISHED = "seals.txt";
  private static final String ROWS = ".rows";
  private static final String KEY = ".pub";

  private final Path folder;

  SealFolder(Path folder) {
    this.folder = folder;
  }

  /** Work with files. */
  @FunctionalInterface
  private interface FileWork<T> {
    T run() throws IOException;
  }

  private <T> T files(FileWork<T> work) {
    try {
      return work.run();
    } catch (IOException | UncheckedIOException failed) {
      throw new InstallationException(
          "the files of the seals in "
              + folder
              + " cannot be read or written: "
              + InstallationException.reason(failed),
          failed);
    }
  }

  /** The published file. */
  Witness published() {
    return files(
        () -> {
          Path file = folder.resolve(PUBLISHED);
          try {
            return Witness.parse(Files.exists(file) ? Files.readString(file) : "");
          } catch (IllegalArgumentException malformed) {
            throw new InstallationException(file + ": " + malformed.getMessage(), malformed);
          }
        });
  }

  /** Adds the lines of seals, in the order of their days, that come after those published. */
  synchronized void publish(List<DaySeal> seals) {
    Optional<LocalDate> last = published().last();
    List<DaySeal> more =
        seals.stream()
            .filter(each -> last.map(day -> each.day().isAfter(day)).orElse(true))
            .toList();
    if (more.isEmpty()) {
      return;
    }
    var unused =
        files(
            () -> {
              Path file = folder.resolve(PUBLISHED);
              StringBuilder text = new StringBuilder();
              if (Files.exists(file)) {
                text.append(Files.readString(file));
              }
              more.forEach(each -> text.append(Witness.line(each)));
              OwnerOnlyFiles.makeDirectory(folder);
              OwnerOnlyFiles.write(file, text.toString());
              return true;
            });
  }

  /**
   * Writes the entries of a day, over those of an attempt that was cut off.
   *
   * @param rows gives them one after the other
   */
  void write(LocalDate day, Consumer<Consumer<SealEntry>> rows) {
    var unused =
        files(
            () -> {
              OwnerOnlyFiles.makeDirectory(folder);
              OwnerOnlyFiles.write(
                  rows(day),
                  out ->
                      rows.accept(
                          entry -> {
                            try {
                              out.write((entry.line() + "\n").getBytes(StandardCharsets.UTF_8));
                            } catch (IOException failed) {
                              throw new UncheckedIOException(failed);
                            }
                          }));
              return true;
            });
  }

  /** Does something with the entries of a day; without its file with nothing. */
  <T> T read(LocalDate day, Function<Optional<Iterator<SealEntry>>, T> work) {
    return files(
        () -> {
          Path file = rows(day);
          if (!Files.exists(file)) {
            return work.apply(Optional.empty());
          }
          try (BufferedReader in = Files.newBufferedReader(file)) {
            return work.apply(Optional.of(in.lines().map(SealFolder::entry).iterator()));
          }
        });
  }

  /** A line that is none is an entry that no row has. */
  private static SealEntry entry(String line) {
    try {
      return SealEntry.parse(line);
    } catch (IllegalArgumentException malformed) {
      return new SealEntry(line, "");
    }
  }

  /** Deletes the entries of an attempt of this server, when another one sealed the day. */
  void dropOthers(DaySeal seal) {
    boolean isOf =
        read(seal.day(), list -> list.isEmpty() || SealVerifier.isListOf(seal, list.get()));
    if (!isOf) {
      var unused = files(() -> Files.deleteIfExists(rows(seal.day())));
    }
  }

  private Path rows(LocalDate day) {
    return folder.resolve(day + ROWS);
  }

  /** Adds a public key to those that are trusted. */
  void trust(PublicKey key) {
    var unused =
        files(
            () -> {
              Path file = folder.resolve(KeyText.id(key) + KEY);
              if (!Files.exists(file)) {
                OwnerOnlyFiles.makeDirectory(folder);
                OwnerOnlyFiles.write(file, KeyText.of(key));
              }
              return true;
            });
  }

  /** The verifiers of the keys that are trusted, by what names the keys. */
  Map<String, SealVerifier> trusted() {
    return files(
        () -> {
          Map<String, SealVerifier> found = new HashMap<>();
          if (!Files.exists(folder)) {
            return found;
          }
          try (DirectoryStream<Path> keys = Files.newDirectoryStream(folder, "*" + KEY)) {
            for (Path each : keys) {
              PublicKey key = publicKey(each);
              found.put(KeyText.id(key), new SealVerifier(key));
            }
          }
          return found;
        });
  }

  private static PublicKey publicKey(Path file) throws IOException {
    try {
      return KeyText.publicKey(Files.readString(file));
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      throw new InstallationException(file + " must be a public key of Ed25519 as PEM", malformed);
    }
  }
}
