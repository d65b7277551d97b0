package io.billingsdk.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** The main class of the JVM behind {@link Tls11Server}. */
final class Tls11Child {

  static final String PORT = "port ";
  private static final String PROTOCOL = "TLSv1.1";

  private Tls11Child() {}

  /** Takes the key store's path as its argument and the password as the first line of its input. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    // Before the first use of TLS, which reads them once.
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    Security.setProperty("jdk.certpath.disabledAlgorithms", "");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String password = in.readLine();
    if (password == null) {
      throw new IOException("no password on the standard input");
    }
    SSLServerSocket server = listen(Path.of(arguments[0]), password.toCharArray());
    System.out.println(PORT + server.getLocalPort());
    FaultProxy.daemon("tls11-accept", () -> acceptAll(server));
    // The parent's end closes the input: then this JVM ends as well.
    in.transferTo(Writer.nullWriter());
  }

  private static SSLServerSocket listen(Path keyStore, char[] password)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(keyStore.toFile(), password), password);
    Arrays.fill(password, ' ');
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setEnabledProtocols(new String[] {PROTOCOL});
    return server;
  }

  private static void acceptAll(SSLServerSocket server) {
    try {
      while (true) {
        Socket client = server.accept();
        FaultProxy.daemon("tls11-client", () -> readAll(client));
      }
    } catch (IOException e) {
      System.err.println("the TLS 1.1 server ends: " + e);
    }
  }

  private static void readAll(Socket client) {
    try (client) {
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A client that refuses this server is the purpose of it.
    }
  }
}
