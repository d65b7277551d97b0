package io.billingsdk.server.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked from the archive that this build brings along into a
 * directory of their own, whose name says which archive it was.
 *
 * <p>They are unpacked under another name and get theirs when they are whole and on the disk: an
 * end at any moment leaves none or all. Each start compares them with their manifest, and unpacks
 * them again when they are broken. Remains of other versions, and of an unpacking that was ended,
 * are deleted. For one process at a time.
 */
final class Binaries {
  private static final Logger log = LoggerFactory.getLogger(Binaries.class);

  private static final String UNPACKING = ".unpacking";
  private static final int BUFFER = 1 << 16;

  private final Path directory;
  private final String archive;

  /**
   * To be unpacked.
   *
   * @param directory for them and nothing else
   * @param archive a resource, as {@link PostgresSupport} names it
   */
  Binaries(Path directory, String archive) {
    this.directory = directory;
    this.archive = archive;
  }

  /** Where they are, whole: with {@code bin}, {@code lib} and {@code share} in it. */
  Path ready() throws IOException {
    Path wanted = directory.resolve(name());
    OwnerOnlyFiles.makeDirectory(directory);
    deleteAllBut(wanted);
    if (Files.exists(wanted)) {
      if (Manifest.holds(wanted)) {
        return wanted;
      }
      log.warn("the programs of PostgreSQL in {} are damaged; they are unpacked again", wanted);
      OwnerOnlyFiles.deleteTree(wanted);
    }
    Path unpacking = directory.resolve(UNPACKING);
    try {
      unpack(unpacking);
      OwnerOnlyFiles.move(unpacking, wanted);
      return wanted;
    } catch (IOException failed) {
      // Half of it on a full disk would be in the way of others.
      OwnerOnlyFiles.deleteTree(unpacking);
      throw failed;
    }
  }

  private void deleteAllBut(Path wanted) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path each : all.filter(each -> !each.equals(wanted)).toList()) {
        OwnerOnlyFiles.deleteTree(each);
      }
    }
  }

  /** By the archive's sum: another archive is another directory. */
  private String name() throws IOException {
    CRC32 crc = new CRC32();
    long bytes;
    try (InputStream all = new CheckedInputStream(open(), crc)) {
      bytes = all.transferTo(OutputStream.nullOutputStream());
    }
    return String.format(Locale.ROOT, "PG-%08x-%d", crc.getValue(), bytes);
  }

  private InputStream open() throws IOException {
    InputStream found = Binaries.class.getResourceAsStream("/" + archive);
    if (found == null) {
      throw new IOException("this build has no " + archive);
    }
    return found;
  }

  private void unpack(Path target) throws IOException {
    OwnerOnlyFiles.makeDirectory(target);
    Manifest manifest = new Manifest();
    try (TarArchiveInputStream entries =
        new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(open()), BUFFER))) {
      for (TarArchiveEntry each = entries.getNextEntry();
          each != null;
          each = entries.getNextEntry()) {
        unpack(entries, each, target, manifest);
      }
    }
    if (!Files.exists(target.resolve("bin/postgres"))) {
      throw new IOException("there is no PostgreSQL in " + archive);
    }
    manifest.write(target);
  }

  private static void unpack(
      InputStream content, TarArchiveEntry entry, Path target, Manifest manifest)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    String name = target.relativize(path).toString();
    if (!path.startsWith(target) || name.contains(" ")) {
      throw new IOException("the archive has a file of the name " + entry.getName());
    }
    if (entry.isDirectory()) {
      OwnerOnlyFiles.makeDirectory(path);
      return;
    }
    OwnerOnlyFiles.makeDirectory(path.resolveSibling(".").normalize());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      manifest.link(name, entry.getLinkName());
    } else if (entry.isFile()) {
      boolean executable = (entry.getMode() & 0100) != 0;
      CRC32 crc = new CRC32();
      long bytes = write(new CheckedInputStream(content, crc), path, executable);
      manifest.file(name, bytes, crc.getValue(), executable);
    } else {
      throw new IOException("the archive has neither a file nor a link in " + entry.getName());
    }
  }

  private static long write(InputStream content, Path path, boolean executable) throws IOException {
    byte[] part = new byte[BUFFER];
    long bytes = 0;
    try (FileChannel file = OwnerOnlyFiles.create(path, executable)) {
      for (int read = content.read(part); read > 0; read = content.read(part)) {
        ByteBuffer rest = ByteBuffer.wrap(part, 0, read);
        while (rest.hasRemaining()) {
          bytes += file.write(rest);
        }
      }
      file.force(true);
    }
    return bytes;
  }
}
