package io.billingsdk.server.seals;

import io.billingsdk.seal.DaySeal;
import io.billingsdk.seal.SealVerifier;
import io.billingsdk.seal.Sealer;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * The key pair of this server, of Ed25519, made when there is none. The private key is in a file
 * that only the owner of the process can read, and in no table. Thread-safe; shows no private key.
 */
final class SealKeys {
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Sealer sealer;
  private final PublicKey publicKey;

  private SealKeys(PrivateKey privateKey, PublicKey publicKey) {
    this.sealer = new Sealer(privateKey);
    this.publicKey = publicKey;
  }

  /**
   * Reads them, or makes them.
   *
   * @throws InstallationException when a file is unreadable, open to others, or no such key
   */
  static SealKeys of(SealFiles files) {
    try {
      if (!Files.exists(files.key())) {
        make(files);
      }
      requireClosed(files.key());
      SealKeys keys =
          new SealKeys(
              KeyText.privateKey(Files.readString(files.key())),
              KeyText.publicKey(Files.readString(files.publicKey())));
      keys.requirePair(files);
      return keys;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
      throw InstallationException.of(
          "the key of the seals in "
              + files.key()
              + " or its .pub cannot be read or made: "
              + InstallationException.reason(unusable),
          "both must be PEM of Ed25519, as of openssl genpkey -algorithm ed25519 and openssl pkey"
              + " -pubout",
          unusable);
    }
  }

  private static void make(SealFiles files) throws IOException, GeneralSecurityException {
    Path folder = files.key().toAbsolutePath().getParent();
    if (folder != null && !Files.exists(folder)) {
      OwnerOnlyFiles.makeDirectory(folder);
    }
    KeyPair made = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    // The private one last: where it is, the other one is, too.
    OwnerOnlyFiles.write(files.publicKey(), KeyText.of(made.getPublic()));
    OwnerOnlyFiles.write(files.key(), KeyText.of(made.getPrivate()));
  }

  private static void requireClosed(Path file) throws IOException {
    boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    if (isPosix && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
      throw InstallationException.of(
          "other users can read the key of the seals in " + file, "run: chmod 600 " + file);
    }
  }

  private void requirePair(SealFiles files) {
    DaySeal probe = sealer.open(LocalDate.EPOCH, Optional.empty()).close();
    if (!new SealVerifier(publicKey).isSigned(probe)) {
      throw InstallationException.of(
          files.publicKey() + " is not the public key of " + files.key(),
          "make it again with: openssl pkey -in "
              + files.key()
              + " -pubout -out "
              + files.publicKey());
    }
  }

  /** Signs with the private key. */
  Sealer sealer() {
    return sealer;
  }

  /** For those who verify. */
  PublicKey publicKey() {
    return publicKey;
  }

  /** Names the pair. */
  String id() {
    return KeyText.id(publicKey);
  }

  /** Its id alone. */
  @Override
  public String toString() {
    return "SealKeys[" + id() + "]";
  }
}
