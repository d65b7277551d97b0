package io.billingsdk.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** One connection through a {@link FaultProxy}: a socket to each side, a thread per direction. */
final class ProxiedConnection {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket server = new Socket();
  private final int targetPort;

  ProxiedConnection(FaultProxy proxy, Socket client, int targetPort) {
    this.proxy = proxy;
    this.client = client;
    this.targetPort = targetPort;
  }

  /** Connects to the target and forwards until one side ends. */
  void run() {
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      proxy.awaitPermission();
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
      FaultProxy.daemon("fault-proxy-back", () -> forward(server, client));
      forward(client, server);
    } catch (IOException e) {
      // The target refuses: so does the proxy.
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reset();
    }
  }

  /** Ends both sides with RST. */
  void reset() {
    proxy.forget(this);
    abort(client);
    abort(server);
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      int read = from.getInputStream().read(buffer);
      while (read >= 0) {
        proxy.awaitPermission();
        to.getOutputStream().write(buffer, 0, read);
        read = from.getInputStream().read(buffer);
      }
      // The end of the stream is a message too: a frozen proxy must not pass it on.
      proxy.awaitPermission();
      to.shutdownOutput();
    } catch (IOException e) {
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reset();
    }
  }

  private static void abort(Socket socket) {
    try {
      // Zero linger: close() sends RST and not FIN.
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already; close() below does nothing then.
    }
    try {
      socket.close();
    } catch (IOException e) {
      // There is nothing left to end.
    }
  }
}
