package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Finds out whether a port that is no broker is one of HTTP: the server has both, and the one is
 * easily given for the other. Asked only when MQTT has failed, so that no broker is disturbed.
 */
final class HttpListener {
  private static final byte[] QUESTION =
      "HEAD / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String ANSWER = "HTTP/";

  /** A server of HTTP answers at once; a broker that waits for its own first packet never does. */
  private static final long LONGEST_MILLIS = 2_000;

  private final BillingConfig config;
  private final int timeoutMillis;

  HttpListener(DoctorTarget doctorTarget) {
    this.config = doctorTarget.config();
    this.timeoutMillis = (int) Math.min(LONGEST_MILLIS, doctorTarget.patience().toMillis());
  }

  /** Whether it answers HTTP, over TLS. */
  boolean answersWithTls() {
    try (SSLSocket socket = (SSLSocket) unverified().getSocketFactory().createSocket()) {
      return answers(socket);
    } catch (IOException | GeneralSecurityException none) {
      return false;
    }
  }

  /** Whether it answers HTTP, without TLS. */
  boolean answersWithoutTls() {
    try (Socket socket = new Socket()) {
      return answers(socket);
    } catch (IOException none) {
      return false;
    }
  }

  private boolean answers(Socket socket) throws IOException {
    socket.connect(new InetSocketAddress(config.host(), config.port()), timeoutMillis);
    socket.setSoTimeout(timeoutMillis);
    socket.getOutputStream().write(QUESTION);
    socket.getOutputStream().flush();
    InputStream in = socket.getInputStream();
    return new String(in.readNBytes(ANSWER.length()), StandardCharsets.US_ASCII).equals(ANSWER);
  }

  /** Nothing of ours is sent, and what is answered decides the words of a finding alone. */
  private static SSLContext unverified() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    return context;
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
