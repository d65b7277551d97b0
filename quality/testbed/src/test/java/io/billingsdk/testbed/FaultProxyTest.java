package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that sends back what it gets. */
final class FaultProxyTest {

  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws Exception {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    FaultProxy.daemon("echo-accept", this::echoAll);
    proxy = FaultProxy.to(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    echo.close();
  }

  @Test
  void pass_always_forwardsBothWaysAndCounts() throws Exception {
    try (Socket first = connect();
        Socket second = connect()) {
      assertThat(echoed(first, 'a')).isEqualTo('a');
      assertThat(echoed(second, 'b')).isEqualTo('b');
    }
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @Test
  void freeze_openConnection_holdsDataUntilPass() throws Exception {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 'a')).isEqualTo('a');
      proxy.freeze();
      socket.getOutputStream().write('b');
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      proxy.pass();

      socket.setSoTimeout(60_000);
      assertThat(socket.getInputStream().read()).isEqualTo('b');
    }
  }

  @Test
  void cut_openAndNewConnections_areReset() throws Exception {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 'a')).isEqualTo('a');

      proxy.cut();

      assertThatThrownBy(() -> echoed(socket, 'b')).isInstanceOf(IOException.class);
    }
    try (Socket socket = connect()) {
      assertThatThrownBy(
              () -> {
                if (echoed(socket, 'c') < 0) {
                  throw new IOException("end of stream");
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(proxy.connections()).isEqualTo(2);
    proxy.pass();
    try (Socket socket = connect()) {
      assertThat(echoed(socket, 'd')).isEqualTo('d');
    }
  }

  @Test
  void delay_eachDirection_takesAtLeastTwice() throws Exception {
    proxy.delay(Duration.ofMillis(100));
    try (Socket socket = connect()) {
      long begun = System.nanoTime();

      assertThat(echoed(socket, 'a')).isEqualTo('a');

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(199));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static int echoed(Socket socket, int sent) throws IOException {
    socket.getOutputStream().write(sent);
    return socket.getInputStream().read();
  }

  private void echoAll() {
    try {
      while (true) {
        Socket client = echo.accept();
        FaultProxy.daemon("echo", () -> echo(client));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // The proxy cut it.
    }
  }
}
