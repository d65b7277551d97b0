package io.billingsdk.server.notifications;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sockets with TLS. A thread can let its last one wait longer for an answer: an SMTP server
 * may look for viruses in a whole mail before it answers. Thread-safe.
 */
final class PatientSockets extends SSLSocketFactory {
  private static final Logger log = LoggerFactory.getLogger(PatientSockets.class);

  private static final ThreadLocal<@Nullable Socket> LAST = new ThreadLocal<>();

  private final SSLSocketFactory sockets;

  PatientSockets(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /** Sets how long reads of the thread's last socket wait from now on. */
  static void waitFor(Duration answer) {
    Socket made = LAST.get();
    if (made == null) {
      return;
    }
    try {
      made.setSoTimeout(Math.toIntExact(answer.toMillis()));
    } catch (SocketException closed) {
      // The next read or write says so.
      log.debug("the connection to the SMTP server is closed");
    }
  }

  /** Lets go of the thread's last socket. */
  static void forget() {
    LAST.remove();
  }

  private static Socket kept(Socket made) {
    LAST.set(made);
    return made;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return kept(sockets.createSocket());
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return kept(sockets.createSocket(plain, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return kept(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return kept(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return kept(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return kept(sockets.createSocket(address, port, localAddress, localPort));
  }
}
