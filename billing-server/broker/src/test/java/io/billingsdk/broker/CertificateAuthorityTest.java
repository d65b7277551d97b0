package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateAuthorityTest {

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  @TempDir Path directory;

  private final CertificateAuthority authority = CertificateAuthority.create("test, \"odd\" = CA");

  @Test
  void certificatePem_readByTheJdk_isTheSelfSignedAuthority() throws Exception {
    authority.writeCertificate(directory.resolve("ca.pem"));

    X509Certificate read = readCertificate(Files.readString(directory.resolve("ca.pem")));

    assertThat(read).isEqualTo(authority.certificate());
    assertThat(read.getBasicConstraints()).isZero();
    read.verify(read.getPublicKey());
  }

  /** A broker writes it at each start, while clients that connect again read it. */
  @Test
  void writeCertificate_fileIsBeingRead_leavesTheReaderAWholeOne() throws Exception {
    Path file = directory.resolve("ca.pem");
    authority.writeCertificate(file);
    try (InputStream reader = Files.newInputStream(file)) {
      CertificateAuthority.create("the next").writeCertificate(file);

      assertThat(new String(reader.readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo(authority.certificatePem());
    }
  }

  @Test
  void create_always_registersNoSecurityProvider() {
    assertThat(Security.getProvider("BC")).isNull();
  }

  @Test
  void issueServer_namesAndAddresses_areAlternativeNamesOfTheirKind() throws Exception {
    X509Certificate leaf =
        authority.issueServer("localhost", "127.0.0.1", "billing.example").certificate();

    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(2, "billing.example"));
    assertThat(leaf.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    leaf.checkValidity();
  }

  @Test
  void issueServer_validityInThePast_isExpired() {
    Instant now = Instant.now();

    X509Certificate leaf =
        authority
            .issueServer(
                List.of("localhost"), now.minus(Duration.ofDays(3)), now.minus(Duration.ofDays(1)))
            .certificate();

    assertThat(leaf.getNotAfter().toInstant()).isBefore(now);
  }

  @Test
  void issueServer_wrongArguments_namesTheParameter() {
    Instant now = Instant.now();

    assertThatThrownBy(() -> authority.issueServer()).hasMessageContaining("dnsNamesOrIps");
    assertThatThrownBy(() -> authority.issueServer(" ")).hasMessageContaining("dnsNamesOrIps");
    assertThatThrownBy(() -> authority.issueServer(List.of("localhost"), now, now))
        .hasMessageContaining("notAfter");
    assertThatThrownBy(() -> CertificateAuthority.create("")).hasMessageContaining("commonName");
  }

  @Test
  void issueClient_always_isForClientsOnly() throws Exception {
    X509Certificate leaf = authority.issueClient("collector").certificate();

    assertThat(leaf.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=collector");
  }

  @Test
  void writeKeyPem_overAReadableFile_isPkcs8OfTheCertificateAndPrivate() throws Exception {
    IssuedCertificate issued = authority.issueServer("localhost");
    Path file = Files.writeString(directory.resolve("key.pem"), "old, readable by all");

    issued.writeKeyPem(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(pemContent(Files.readString(file)))));
    byte[] signed = signature.sign();
    signature.initVerify(issued.certificate());
    assertThat(signature.verify(signed)).isTrue();
  }

  @Test
  void writeCertificatePem_always_holdsTheChain() throws Exception {
    Path file = directory.resolve("chain.pem");
    IssuedCertificate issued = authority.issueServer("localhost");

    issued.writeCertificatePem(file);

    var read =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    assertThat(List.copyOf(read)).isEqualTo(issued.chain());
  }

  @Test
  void writeKeyStore_oddPassword_isReadWithIt() throws Exception {
    char[] password = " p<&>\"'$".toCharArray();
    Path file = directory.resolve("server.p12");

    authority.issueServer("localhost").writeKeyStore(file, password);

    KeyStore store = KeyStore.getInstance(file.toFile(), password);
    assertThat(store.getCertificateChain("key")).hasSize(2);
    assertThat(store.getKey("key", password)).isNotNull();
  }

  @Test
  void writeKeyStore_passwordThatTheJdkCannotUse_isRefused() {
    IssuedCertificate issued = authority.issueServer("localhost");
    Path file = directory.resolve("server.p12");

    assertThatThrownBy(() -> issued.writeKeyStore(file, "ö".toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password");
    assertThatThrownBy(() -> issued.writeKeyStore(file, new char[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_always_hidesTheKey() {
    assertThat(authority.issueClient("collector").toString())
        .startsWith("IssuedCertificate[CN=collector, until ");
  }

  private static X509Certificate readCertificate(String pem) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] pemContent(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }
}
