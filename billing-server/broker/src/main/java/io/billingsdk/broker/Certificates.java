package io.billingsdk.broker;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/** Makes X.509 certificates; what each of them may be used for is decided here. */
final class Certificates {

  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Certificates() {}

  /** Who signs: the certificate that the signed one names as its issuer, and its key. */
  record Issuer(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Issuer[" + certificate.getSubjectX500Principal() + "]";
    }
  }

  static void requireName(String parameter, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(parameter + " must not be blank");
    }
  }

  static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM cannot make a key on the curve " + CURVE, e);
    }
  }

  static X509Certificate selfSigned(
      String commonName, KeyPair keys, Instant notBefore, Instant notAfter) {
    X500Name name = name(commonName);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, serial(), Date.from(notBefore), Date.from(notAfter), name, keys.getPublic());
    return signed(
        keys.getPrivate(),
        builder,
        b -> {
          // Path length 0: what this authority signs cannot be an authority itself.
          b.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
          int usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
          b.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
          b.addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        });
  }

  static X509Certificate server(
      Issuer issuer, List<String> names, PublicKey key, Instant notBefore, Instant notAfter) {
    GeneralName[] alternatives =
        names.stream().map(Certificates::alternativeName).toArray(GeneralName[]::new);
    return leaf(
        issuer,
        builderFor(issuer, names.get(0), key, notBefore, notAfter),
        key,
        KeyPurposeId.id_kp_serverAuth,
        b ->
            b.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(alternatives)));
  }

  static X509Certificate client(
      Issuer issuer, String commonName, PublicKey key, Instant notBefore, Instant notAfter) {
    return leaf(
        issuer,
        builderFor(issuer, commonName, key, notBefore, notAfter),
        key,
        KeyPurposeId.id_kp_clientAuth,
        b -> {});
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate made here cannot be encoded", e);
    }
  }

  private static X509v3CertificateBuilder builderFor(
      Issuer issuer, String commonName, PublicKey key, Instant notBefore, Instant notAfter) {
    return new JcaX509v3CertificateBuilder(
        issuer.certificate(),
        serial(),
        Date.from(notBefore),
        Date.from(notAfter),
        name(commonName),
        key);
  }

  private static X509Certificate leaf(
      Issuer issuer,
      X509v3CertificateBuilder builder,
      PublicKey key,
      KeyPurposeId purpose,
      Extensions more) {
    return signed(
        issuer.key(),
        builder,
        b -> {
          JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
          b.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
          b.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
          b.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
          b.addExtension(
              Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key));
          b.addExtension(
              Extension.authorityKeyIdentifier,
              false,
              ids.createAuthorityKeyIdentifier(issuer.certificate()));
          more.addTo(b);
        });
  }

  private static X509Certificate signed(
      PrivateKey key, X509v3CertificateBuilder builder, Extensions extensions) {
    try {
      extensions.addTo(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make a certificate: " + e.getMessage(), e);
    }
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static GeneralName alternativeName(String dnsNameOrIp) {
    int kind = IPAddress.isValid(dnsNameOrIp) ? GeneralName.iPAddress : GeneralName.dNSName;
    return new GeneralName(kind, dnsNameOrIp);
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(0);
  }

  private interface Extensions {
    void addTo(X509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
  }
}
