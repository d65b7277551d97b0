package io.billingsdk.server.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Secrets of this installation: files that only their owner can read, made when first asked for.
 */
public final class Secrets {
  private static final int BYTES = 32;

  private final Path directory;
  private final SecureRandom random = new SecureRandom();

  /** Secrets under a directory. */
  public Secrets(Path directory) {
    this.directory = directory;
  }

  /** The secret of a name: 64 hexadecimal digits, the same each time. */
  public synchronized String of(String name) {
    Path file = directory.resolve(name);
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      return Files.readString(file).trim();
    } catch (IOException failed) {
      throw new InstallationException(
          "the secret in "
              + file
              + " cannot be read or made: "
              + InstallationException.reason(failed),
          failed);
    }
  }

  /** The secret of a name, if it was made. */
  public synchronized Optional<String> existing(String name) {
    Path file = directory.resolve(name);
    try {
      return Optional.of(Files.readString(file).trim());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException failed) {
      throw new InstallationException("the secret in " + file + " cannot be read", failed);
    }
  }

  private void create(Path file) throws IOException {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    OwnerOnlyFiles.makeDirectory(directory);
    // Whole or not at all: half a secret would lock the next start out. The dot: a reader of the
    // directory must not take it for a secret.
    Path made = Files.createTempFile(directory, ".new", "", ownerOnly("rw-------"));
    try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
      int unused = channel.write(UTF_8.encode(HexFormat.of().formatHex(bytes)));
      // After a power cut the name could else be there and the secret not.
      channel.force(true);
    }
    try {
      Files.move(made, file);
    } catch (FileAlreadyExistsException another) {
      Files.delete(made);
    }
  }

  private static FileAttribute<?>[] ownerOnly(String mode) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * A secret that people carry about, {@code <prefix><id>_<secret>_<crc>}: a beginning that secret
   * scanners find, an id to name it by, 192 random bits, and a checksum that refuses a typing error
   * without a look-up.
   *
   * @param id names it wherever it must not be shown
   * @param text all of it
   */
  public record TokenFormat(String id, String text) {
    private static final String ALPHABET =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** 62^33 is more than 2^192. */
    private static final int SECRET_CHARS = 33;

    private static final int ID_CHARS = 12;

    /** Makes one; its id begins with {@code kind}. */
    public static TokenFormat create(String prefix, String kind, SecureRandom random) {
      String id = kind + text(random, ID_CHARS);
      String body = prefix + id + "_" + text(random, SECRET_CHARS);
      return new TokenFormat(id, body + "_" + crc(body));
    }

    /** Whether a text begins with the prefix and its checksum is right. */
    public static boolean isWellFormed(String prefix, String text) {
      int end = text.lastIndexOf('_');
      return text.startsWith(prefix)
          && end > prefix.length()
          && crc(text.substring(0, end)).equals(text.substring(end + 1));
    }

    /** Its id alone. */
    @Override
    public String toString() {
      return "CheckedSecret[" + id + "]";
    }

    private static String text(SecureRandom random, int chars) {
      StringBuilder text = new StringBuilder(chars);
      for (int i = 0; i < chars; i++) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      return text.toString();
    }

    private static String crc(String body) {
      CRC32 crc = new CRC32();
      crc.update(body.getBytes(StandardCharsets.UTF_8));
      return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
  }
}
