package io.billingsdk.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.billingsdk.BillingException;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.link.Failure.Pace;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureClassifierTest {
  private static final Set<Mqtt5ConnAckReasonCode> REFUSALS =
      EnumSet.of(
          Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
          Mqtt5ConnAckReasonCode.NOT_AUTHORIZED,
          Mqtt5ConnAckReasonCode.BAD_AUTHENTICATION_METHOD,
          Mqtt5ConnAckReasonCode.BANNED,
          Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  private static final Set<Mqtt5ConnAckReasonCode> WRONG_BROKER =
      EnumSet.of(
          Mqtt5ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
          Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER,
          Mqtt5ConnAckReasonCode.SERVER_MOVED,
          Mqtt5ConnAckReasonCode.PACKET_TOO_LARGE);
  private static final Set<Mqtt5DisconnectReasonCode> THROWN_OUT =
      EnumSet.of(
          Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER,
          Mqtt5DisconnectReasonCode.NOT_AUTHORIZED,
          Mqtt5DisconnectReasonCode.BAD_AUTHENTICATION_METHOD);

  private final FailureClassifier classifier = new FailureClassifier("broker.example", "client-7");

  private Failure classify(Throwable thrown) {
    Failure bare = classifier.classify(thrown);
    assertThat(classifier.classify(new CompletionException(new RuntimeException(thrown))))
        .as("however deep it is wrapped")
        .isEqualTo(bare);
    return bare;
  }

  @ParameterizedTest
  @EnumSource(Mqtt5ConnAckReasonCode.class)
  void classify_connAck_refusalsAreRareAndTheRestIsSoon(Mqtt5ConnAckReasonCode code) {
    Failure failure = classify(HiveMessages.connAck(code));
    boolean refused = REFUSALS.contains(code);
    assertThat(failure.kind()).isEqualTo(refused ? ProblemKind.UNAUTHORIZED : ProblemKind.BROKER);
    assertThat(failure.pace())
        .isEqualTo(refused || WRONG_BROKER.contains(code) ? Pace.RARELY : Pace.SOON);
    assertThat(failure.message()).contains(code.toString());
  }

  @Test
  void classify_clientIdRefused_namesIt() {
    assertThat(classify(HiveMessages.connAck(Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID)))
        .extracting(Failure::message)
        .asString()
        .contains("client-7");
  }

  @ParameterizedTest
  @EnumSource(Mqtt5DisconnectReasonCode.class)
  void classify_disconnect_thrownOutIsRareAndTheRestIsSoon(Mqtt5DisconnectReasonCode code) {
    Failure failure = classify(HiveMessages.disconnect(code));
    boolean thrownOut = THROWN_OUT.contains(code);
    boolean moved =
        code == Mqtt5DisconnectReasonCode.USE_ANOTHER_SERVER
            || code == Mqtt5DisconnectReasonCode.SERVER_MOVED;
    assertThat(failure.kind()).isEqualTo(thrownOut ? ProblemKind.UNAUTHORIZED : ProblemKind.BROKER);
    assertThat(failure.pace()).isEqualTo(thrownOut || moved ? Pace.RARELY : Pace.SOON);
    assertThat(failure.message()).contains(code.toString());
  }

  @ParameterizedTest
  @EnumSource(Mqtt5SubAckReasonCode.class)
  void classify_subAck_notAuthorizedIsForbiddenAndTheRestIsSoon(Mqtt5SubAckReasonCode code) {
    Failure failure = classify(HiveMessages.subAck(code));
    boolean forbidden = code == Mqtt5SubAckReasonCode.NOT_AUTHORIZED;
    assertThat(failure.kind()).isEqualTo(forbidden ? ProblemKind.FORBIDDEN : ProblemKind.BROKER);
    assertThat(failure.pace()).isEqualTo(forbidden ? Pace.RARELY : Pace.SOON);
    assertThat(failure.message()).contains("key feed").contains(code.toString());
  }

  @Test
  void classify_local_keepsItsMessage() {
    assertThat(classify(new BillingException("no CA file")))
        .isEqualTo(Failure.soon(ProblemKind.LOCAL, "no CA file"));
  }

  @Test
  void classify_network_saysWhat() {
    assertThat(classify(new ConnectionFailedException(new ConnectException("Connection refused"))))
        .isEqualTo(Failure.soon(ProblemKind.NETWORK, "ConnectException: Connection refused"));
    assertThat(classify(new UnknownHostException("broker.example")).kind())
        .isEqualTo(ProblemKind.NETWORK);
    assertThat(classify(new ConnectionClosedException("Server closed connection")).kind())
        .isEqualTo(ProblemKind.NETWORK);
  }

  @Test
  void classify_tls_saysWhatIsWrongInPlainWords() {
    assertThat(tls(new CertificateExpiredException("NotAfter: yesterday")))
        .contains("broker.example")
        .contains("has expired")
        .contains("yesterday");
    assertThat(tls(new CertificateNotYetValidException("NotBefore"))).contains("not valid yet");
    assertThat(tls(new CertificateException("No subject alternative DNS name matching x found.")))
        .contains("not for the host name broker.example");
    assertThat(tls(new CertificateException("No name matching x found")))
        .contains("not for the host name broker.example");
    assertThat(tls(new CertPathValidatorException("PKIX path building failed")))
        .contains("not from a CA that this client trusts");
    assertThat(tls(new SSLException("Received fatal alert: protocol_version")))
        .contains("offers neither TLS 1.3 nor TLS 1.2");
    assertThat(tls(new SSLException("something else"))).isEqualTo("TLS: something else");
  }

  private String tls(Exception cause) {
    SSLHandshakeException handshake = new SSLHandshakeException(cause.getMessage());
    handshake.initCause(cause);
    Failure failure = classify(new ConnectionFailedException(handshake));
    assertThat(failure.kind()).isEqualTo(ProblemKind.TLS);
    assertThat(failure.pace()).isEqualTo(Pace.SOON);
    return failure.message();
  }

  @Test
  void classify_causesThatGoInACircle_comesToAnEnd() {
    Exception one = new Exception("one");
    Exception two = new Exception("two", one);
    one.initCause(two);
    assertThat(classifier.classify(one).kind()).isEqualTo(ProblemKind.NETWORK);
  }
}
