package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import io.billingsdk.cli.trust.TrustedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The way to the broker, up to the first byte of MQTT. */
final class BrokerConnectionCheck {
  private static final String PORT = "broker.port";
  private static final String TLS = "broker.tls";
  private static final Duration SOON = Duration.ofDays(30);

  private final DoctorTarget doctorTarget;
  private final BillingConfig config;
  private final String address;

  BrokerConnectionCheck(DoctorTarget doctorTarget) {
    this.doctorTarget = doctorTarget;
    this.config = doctorTarget.config();
    this.address = config.host() + ":" + config.port();
  }

  /** Whether it is open. */
  boolean check(Findings findings) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(config.host(), config.port()), timeoutMillis());
      findings.ok(PORT, address + " accepts connections");
    } catch (UnknownHostException unknown) {
      findings.fail(PORT, "the name " + config.host() + " is not known here", "correct host");
      return false;
    } catch (IOException refused) {
      findings.fail(
          PORT,
          "no connection to " + address + ": " + refused.getMessage(),
          "start the broker there, correct host and port, or open the port in the firewall");
      return false;
    }
    if (config.allowInsecure()) {
      findings.warn(
          TLS, "connects without TLS: keys and usage can be read", "remove allowInsecure");
      return true;
    }
    return tls(findings);
  }

  private boolean tls(Findings findings) {
    SSLContext context;
    RecordingTrust trust;
    try {
      trust =
          RecordingTrust.over(TrustedCertificates.of(config.caCertificates()).getTrustManagers());
      context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
    } catch (IOException | GeneralSecurityException unreadable) {
      findings.fail(
          TLS,
          "the CA file " + config.caCertificates().orElse(null) + " cannot be used: " + unreadable,
          "let caCertificates name a readable PEM file with the broker's authority");
      return false;
    }
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress(config.host(), config.port()), timeoutMillis());
      socket.setSoTimeout(timeoutMillis());
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      accepted(findings, socket.getSession().getProtocol(), trust.shown());
      return true;
    } catch (IOException refused) {
      if (!http(findings)) {
        refused(findings, refused, trust.shown());
      }
      return false;
    }
  }

  /** Before what is wrong with its certificate: another port is meant. */
  private boolean http(Findings findings) {
    HttpListener there = new HttpListener(doctorTarget);
    boolean withTls = there.answersWithTls();
    if (!withTls && !there.answersWithoutTls()) {
      return false;
    }
    findings.fail(
        "broker.protocol",
        address
            + (withTls ? " speaks HTTP" : " speaks HTTP without TLS")
            + ", and is not an MQTT broker",
        "take the port of the broker's TLS listener; default: 8883");
    return true;
  }

  private void accepted(Findings findings, String protocol, List<X509Certificate> shown) {
    Optional<Instant> end =
        shown.stream().map(each -> each.getNotAfter().toInstant()).min(Instant::compareTo);
    String found = protocol + "; the certificate is for " + config.host();
    if (end.isPresent() && end.get().minus(SOON).isBefore(doctorTarget.clock().instant())) {
      findings.warn(
          TLS, found + "; it ends at " + end.get(), "renew the broker's certificate before that");
    } else {
      findings.ok(TLS, found + end.map(when -> " until " + when).orElse(""));
    }
  }

  private void refused(Findings findings, IOException refused, List<X509Certificate> shown) {
    String all = chain(refused);
    if (all.contains("No subject alternative") || all.contains("No name matching")) {
      findings.fail(
          TLS,
          "the certificate is not for " + config.host(),
          "set host to a name that it is for: " + names(shown));
    } else if (all.contains("CertificateExpired") || all.contains("NotAfter")) {
      findings.fail(TLS, "the certificate has expired", "renew the broker's certificate");
    } else if (all.contains("NotYetValid") || all.contains("NotBefore")) {
      findings.fail(TLS, "the certificate is not valid yet", "set the clock of this machine");
    } else if (all.contains("PKIX path") || all.contains("trustAnchors")) {
      findings.fail(
          TLS,
          "the certificate is not from an authority that this service trusts",
          "let caCertificates name the PEM file of " + issuer(shown));
    } else if (all.contains("not an SSL/TLS record")
        || all.contains("Unsupported or unrecognized")) {
      findings.fail(TLS, address + " answers without TLS", "take the port of its TLS listener");
    } else {
      findings.fail(TLS, "no TLS: " + refused.getMessage(), "offer TLS 1.2 or 1.3 at " + address);
    }
  }

  private static String names(List<X509Certificate> shown) {
    if (shown.isEmpty()) {
      return "(none shown)";
    }
    try {
      Collection<List<?>> names = shown.get(0).getSubjectAlternativeNames();
      return names == null
          ? "(it has no names)"
          : names.stream()
              .map(name -> String.valueOf(name.get(1)))
              .collect(Collectors.joining(", "));
    } catch (CertificateParsingException unreadable) {
      return "(unreadable)";
    }
  }

  private static String issuer(List<X509Certificate> shown) {
    return shown.isEmpty()
        ? "the broker's authority"
        : shown.get(shown.size() - 1).getIssuerX500Principal().getName();
  }

  private static String chain(Throwable thrown) {
    StringBuilder all = new StringBuilder(200);
    int depth = 0;
    for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause()) {
      all.append(cause).append('\n');
      depth++;
    }
    return all.toString();
  }

  private int timeoutMillis() {
    return (int) Math.min(Integer.MAX_VALUE, doctorTarget.patience().toMillis());
  }
}
