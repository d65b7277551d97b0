package io.billingsdk.broker;

import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The directories of one run of the broker. What holds secrets (the configuration and the key
 * stores) is readable by its owner alone and is deleted by {@link #close()}.
 */
final class Workspace implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int PASSWORD_BYTES = 24;

  private final Path root;
  private final @Nullable TemporaryRoot temporary;

  private Workspace(Path root, @Nullable TemporaryRoot temporary) {
    this.root = root;
    this.temporary = temporary;
  }

  static Workspace create(BrokerSettings settings, int port) throws IOException {
    Path given = settings.dataDirectory();
    Workspace workspace = given == null ? temporary() : in(given.toAbsolutePath());
    try {
      workspace.fill(settings, port);
      return workspace;
    } catch (IOException | RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  private static Workspace temporary() throws IOException {
    TemporaryRoot made = TemporaryRoot.in(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    return new Workspace(made.path(), made);
  }

  private static Workspace in(Path given) throws IOException {
    return new Workspace(PrivateFiles.directory(given), null);
  }

  /** Takes from others the rights that the broker's own files have by the umask. */
  void restrict() throws IOException {
    PrivateFiles.restrictTree(root);
  }

  Path configuration() {
    return root.resolve("conf");
  }

  Path data() {
    return root.resolve("data");
  }

  Path extensions() {
    return root.resolve("extensions");
  }

  @Override
  public void close() throws IOException {
    if (temporary == null) {
      PrivateFiles.deleteTree(configuration());
    } else {
      temporary.close();
    }
  }

  private void fill(BrokerSettings settings, int port) throws IOException {
    // A process that was killed left its own behind.
    PrivateFiles.deleteTree(data());
    PrivateFiles.deleteTree(configuration());
    PrivateFiles.createDirectory(data());
    Files.createDirectories(extensions());
    PrivateFiles.createDirectory(configuration());
    BrokerConfigXml xml =
        new BrokerConfigXml(
            port,
            keyStore(settings.certificate()),
            trustStore(settings.clientAuthority()),
            settings.limits());
    Files.writeString(configuration().resolve("config.xml"), xml.text());
  }

  private BrokerConfigXml.@Nullable Store keyStore(@Nullable IssuedCertificate certificate)
      throws IOException {
    if (certificate == null) {
      return null;
    }
    BrokerConfigXml.Store store = newStore("server.p12");
    certificate.writeKeyStore(store.file(), store.password().toCharArray());
    return store;
  }

  private BrokerConfigXml.@Nullable Store trustStore(@Nullable CertificateAuthority authority)
      throws IOException {
    if (authority == null) {
      return null;
    }
    BrokerConfigXml.Store store = newStore("clients.p12");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", authority.certificate());
      trusted.store(bytes, store.password().toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot write the trust store " + store.file(), e);
    }
    PrivateFiles.write(store.file(), bytes.toByteArray());
    return store;
  }

  private BrokerConfigXml.Store newStore(String name) {
    byte[] password = new byte[PASSWORD_BYTES];
    RANDOM.nextBytes(password);
    return new BrokerConfigXml.Store(
        configuration().resolve(name), HexFormat.of().formatHex(password));
  }
}
