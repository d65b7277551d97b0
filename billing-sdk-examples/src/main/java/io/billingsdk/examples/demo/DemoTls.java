package io.billingsdk.examples.demo;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.examples.gateway.GatewayTls;
import java.io.IOException;
import java.nio.file.Path;

/** A certificate for a gateway on this machine, made on the spot. */
public final class DemoTls {
  private DemoTls() {}

  /** Writes it into a directory, with its key and its authority. */
  public static GatewayTls in(Path directory) throws IOException {
    CertificateAuthority authority = CertificateAuthority.create("billing demo CA");
    GatewayTls tls =
        new GatewayTls(
            directory.resolve("gateway.pem"),
            directory.resolve("gateway-key.pem"),
            directory.resolve("ca.pem"));
    IssuedCertificate issued = authority.issueServer("localhost", "127.0.0.1");
    issued.writeCertificatePem(tls.certificate());
    issued.writeKeyPem(tls.key());
    authority.writeCertificate(tls.ca());
    return tls;
  }
}
