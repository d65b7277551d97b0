package io.billingsdk.server.backup;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The SHA-256 of each file of a backup, in a file of their own, as {@code sha256sum -c} reads it.
 */
final class Checksums {
  static final String FILE = "SHA256SUMS";

  private Checksums() {}

  static void write(Path backup, LongConsumer read) throws IOException {
    StringBuilder lines = new StringBuilder(4_096);
    of(backup, read)
        .forEach((file, sum) -> lines.append(sum).append("  ").append(file).append('\n'));
    OwnerOnlyFiles.write(backup.resolve(FILE), lines.toString());
  }

  /**
   * Holds a backup against its sums.
   *
   * @throws InstallationException naming the first file that is damaged, missing or too many
   */
  static void check(Path backup, LongConsumer read) throws IOException {
    Path sums = backup.resolve(FILE);
    if (!Files.exists(sums)) {
      throw new InstallationException(backup + " is not a backup: there is no " + FILE + " in it");
    }
    Map<String, String> expected = new TreeMap<>();
    for (String line : Files.readAllLines(sums)) {
      if (line.length() > 66) {
        expected.put(line.substring(66), line.substring(0, 64));
      }
    }
    Map<String, String> found = of(backup, read);
    expected.forEach(
        (file, sum) -> {
          if (!sum.equals(found.remove(file))) {
            throw new InstallationException("the backup is damaged: " + file);
          }
        });
    if (!found.isEmpty()) {
      throw new InstallationException(
          "the backup has a file that does not belong to it: " + found.keySet().iterator().next());
    }
  }

  private static Map<String, String> of(Path backup, LongConsumer read) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(backup)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = backup.relativize(file).toString();
        if (!name.equals(FILE)) {
          sums.put(name, sha256(file));
          read.accept(Files.size(file));
        }
      }
    }
    return sums;
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        var unused = in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
