package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.broker.CertificateAuthority;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("broker")
final class Tls11ServerTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path directory;
  private static Tls11Server server;

  @BeforeAll
  static void start() throws Exception {
    Path store = directory.resolve("server.p12");
    CertificateAuthority.create("CA").issueServer("localhost").writeKeyStore(store, PASSWORD);
    server = Tls11Server.start(store, PASSWORD);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void handshake_clientOfToday_isRefused() throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            SSLSocketFactory.getDefault()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(60_000);

      // An untrusted certificate would say PKIX: the protocol must fail before that.
      assertThatThrownBy(socket::startHandshake)
          .isInstanceOf(SSLException.class)
          .hasMessageNotContaining("PKIX");
    }
  }

  /** Otherwise a server that refuses everybody would pass the test above. */
  @Test
  void clientHello_ofTls11_isAnsweredWithAServerHelloOfTls11() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(clientHello());

      assertThat(serverHello(socket)).isEqualTo("16 0302, 02 0302");
    }
  }

  private static byte[] clientHello() {
    byte[] extensions = HexFormat.of().parseHex("000a00040002" + "0017" + "000b00020100");
    ByteBuffer body = ByteBuffer.allocate(2 + 32 + 1 + 2 + 2 + 2 + 2 + extensions.length);
    body.putShort((short) 0x0302).put(new byte[32]).put((byte) 0);
    // One suite: TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA. One compression: none.
    body.putShort((short) 2).putShort((short) 0xC009).put((byte) 1).put((byte) 0);
    body.putShort((short) extensions.length).put(extensions);
    int length = body.position();
    ByteBuffer record = ByteBuffer.allocate(5 + 4 + length);
    record.put((byte) 0x16).putShort((short) 0x0301).putShort((short) (4 + length));
    record.putInt((1 << 24) | length).put(body.array(), 0, length);
    return record.array();
  }

  /** The record's type and version, then the message's. */
  private static String serverHello(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int recordType = in.readUnsignedByte();
    int recordVersion = in.readUnsignedShort();
    in.readUnsignedShort();
    int messageType = in.readInt() >>> 24;
    int version = in.readUnsignedShort();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits((byte) recordType)
        + " "
        + hex.toHexDigits((short) recordVersion)
        + ", "
        + hex.toHexDigits((byte) messageType)
        + " "
        + hex.toHexDigits((short) version);
  }
}
