package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Offers STARTTLS before an SMTP server that has none, and hands what comes over TLS to it. It can
 * be away, and it can swallow the answer to a mail that the server behind it has accepted.
 */
final class StartTlsFront implements AutoCloseable {
  private final SSLContext tls;
  private final int behind;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> inTheClear = new CopyOnWriteArrayList<>();
  private final int port;
  private ServerSocket socket;
  private volatile boolean swallowing;
  private volatile boolean swallowingGoAhead;

  StartTlsFront(SSLContext tls, int behind) throws IOException {
    this.tls = tls;
    this.behind = behind;
    this.socket = listen(0);
    this.port = socket.getLocalPort();
  }

  private ServerSocket listen(int wanted) throws IOException {
    ServerSocket made = new ServerSocket();
    made.setReuseAddress(true);
    made.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
    threads.execute(() -> accept(made));
    return made;
  }

  int port() {
    return port;
  }

  /** Lines that came before TLS. */
  List<String> inTheClear() {
    return inTheClear;
  }

  void leave() throws IOException {
    socket.close();
  }

  void comeBack() throws IOException {
    socket = listen(port);
  }

  /** Ends the connection instead of the answer to the next mail. */
  void swallowAnswer() {
    swallowing = true;
  }

  /** Ends the connection instead of the answer to the next DATA. */
  void swallowGoAhead() {
    swallowingGoAhead = true;
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket each = listening.accept();
        threads.execute(() -> serve(each));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket plain) {
    try (plain) {
      say(plain.getOutputStream(), "220 localhost");
      String line = line(plain.getInputStream());
      while (!line.isEmpty()) {
        inTheClear.add(line);
        String verb = line.toUpperCase(Locale.ROOT);
        if (verb.startsWith("STARTTLS")) {
          say(plain.getOutputStream(), "220 go on");
          overTls(plain);
          return;
        }
        say(
            plain.getOutputStream(),
            verb.startsWith("EHLO") ? "250-localhost\r\n250 STARTTLS" : "530 use STARTTLS");
        line = line(plain.getInputStream());
      }
    } catch (IOException gone) {
      // The client has ended it.
    }
  }

  private void overTls(Socket plain) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port, true);
    secure.setUseClientMode(false);
    try (secure;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      String unused = line(server.getInputStream());
      threads.execute(() -> answers(server, secure));
      copy(secure.getInputStream(), server.getOutputStream());
    }
  }

  private void answers(Socket server, SSLSocket secure) {
    try {
      String before = "";
      for (String line = line(server.getInputStream());
          !line.isEmpty();
          line = line(server.getInputStream())) {
        if (swallowing && before.startsWith("354")) {
          swallowing = false;
          secure.close();
          return;
        }
        if (swallowingGoAhead && line.startsWith("354")) {
          swallowingGoAhead = false;
          secure.close();
          return;
        }
        say(secure.getOutputStream(), line);
        before = line;
      }
    } catch (IOException gone) {
      // Either has ended it.
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] some = new byte[4096];
    for (int read = from.read(some); read > 0; read = from.read(some)) {
      to.write(some, 0, read);
      to.flush();
    }
  }

  private static void say(OutputStream to, String line) throws IOException {
    to.write((line + "\r\n").getBytes(US_ASCII));
    to.flush();
  }

  /** Without its end; empty when there is none. */
  private static String line(InputStream from) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int each = from.read(); each >= 0 && each != '\n'; each = from.read()) {
      if (each != '\r') {
        line.append((char) each);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
