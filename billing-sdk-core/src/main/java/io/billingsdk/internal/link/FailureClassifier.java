package io.billingsdk.internal.link;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.billingsdk.BillingException;
import io.billingsdk.ClientStatus.ProblemKind;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Tells from what the MQTT client throws what went wrong and how soon to try again. MQTT 5.0,
 * sections 3.2.2.2, 3.9.3 and 3.14.2.1, lists the reason codes.
 */
final class FailureClassifier {
  private static final Failure UNANSWERED =
      Failure.soon(ProblemKind.NETWORK, "the broker did not answer in time");

  private final String host;
  private final String clientId;

  FailureClassifier(String host, String clientId) {
    this.host = host;
    this.clientId = clientId;
  }

  Failure classify(Throwable thrown) {
    List<Throwable> chain = causes(thrown);
    for (Throwable cause : chain) {
      if (cause instanceof Mqtt5ConnAckException refused) {
        return connectRefused(refused.getMqttMessage().getReasonCode());
      }
      if (cause instanceof Mqtt5DisconnectException ended) {
        return isTimeout(ended) ? UNANSWERED : disconnected(ended.getMqttMessage().getReasonCode());
      }
      if (cause instanceof Mqtt5SubAckException refused) {
        return subscriptionRefused(refused.getMqttMessage().getReasonCodes());
      }
      if (cause instanceof BillingException local) {
        return Failure.soon(ProblemKind.LOCAL, String.valueOf(local.getMessage()));
      }
    }
    if (chain.stream().anyMatch(FailureClassifier::isTls)) {
      return Failure.soon(ProblemKind.TLS, tlsMessage(chain));
    }
    Throwable root = chain.get(chain.size() - 1);
    if (root instanceof TimeoutException) {
      return UNANSWERED;
    }
    return Failure.soon(
        ProblemKind.NETWORK, root.getClass().getSimpleName() + ": " + root.getMessage());
  }

  /**
   * Whether the library gave up waiting for an answer. It says so in its words alone: the code is
   * PROTOCOL_ERROR without a CONNACK, and that of a broker that found fault with this client.
   */
  private static boolean isTimeout(Mqtt5DisconnectException ended) {
    return String.valueOf(ended.getMessage()).startsWith("Timeout while waiting for ");
  }

  private Failure connectRefused(Mqtt5ConnAckReasonCode code) {
    String said = "the broker refuses the connection: " + code;
    return switch (code) {
      case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED, BAD_AUTHENTICATION_METHOD ->
          Failure.rarely(ProblemKind.UNAUTHORIZED, said + " (user name and password)");
      case BANNED -> Failure.rarely(ProblemKind.UNAUTHORIZED, said);
      case CLIENT_IDENTIFIER_NOT_VALID ->
          Failure.rarely(ProblemKind.UNAUTHORIZED, said + " (client id " + clientId + ")");
      case UNSUPPORTED_PROTOCOL_VERSION, USE_ANOTHER_SERVER, SERVER_MOVED, PACKET_TOO_LARGE ->
          Failure.rarely(ProblemKind.BROKER, said);
      default -> Failure.soon(ProblemKind.BROKER, said);
    };
  }

  private Failure disconnected(Mqtt5DisconnectReasonCode code) {
    String said = "the connection was ended with " + code;
    return switch (code) {
      // Connecting again at once would take the session back, and two processes would fight for
      // ever.
      case SESSION_TAKEN_OVER ->
          Failure.rarely(
              ProblemKind.UNAUTHORIZED,
              said
                  + "; another process connected with the client id "
                  + clientId
                  + ": give each process a login of its own, or set clientId");
      case NOT_AUTHORIZED, BAD_AUTHENTICATION_METHOD ->
          Failure.rarely(ProblemKind.UNAUTHORIZED, said);
      case USE_ANOTHER_SERVER, SERVER_MOVED -> Failure.rarely(ProblemKind.BROKER, said);
      default -> Failure.soon(ProblemKind.BROKER, said);
    };
  }

  private static Failure subscriptionRefused(List<Mqtt5SubAckReasonCode> codes) {
    String said = "the broker refuses the subscription to the key feed: " + codes;
    return codes.contains(Mqtt5SubAckReasonCode.NOT_AUTHORIZED)
        ? Failure.rarely(ProblemKind.FORBIDDEN, said)
        : Failure.soon(ProblemKind.BROKER, said);
  }

  private String tlsMessage(List<Throwable> chain) {
    for (Throwable cause : chain) {
      if (cause instanceof CertificateExpiredException) {
        return "TLS: the certificate of " + host + " has expired (" + cause.getMessage() + ")";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "TLS: the certificate of " + host + " is not valid yet; is this clock right?";
      }
    }
    String all = chain.toString();
    if (all.contains("No subject alternative") || all.contains("No name matching")) {
      return "TLS: the certificate that the broker shows is not for the host name " + host;
    }
    if (all.contains("PKIX path") || all.contains("trustAnchors")) {
      return "TLS: the certificate of " + host + " is not from a CA that this client trusts";
    }
    if (all.contains("protocol_version") || all.contains("protocol version")) {
      return "TLS: " + host + " offers neither TLS 1.3 nor TLS 1.2";
    }
    if (all.contains("not an SSL/TLS record")) {
      return "TLS: " + host + " answers without TLS; is this the port of its TLS listener?";
    }
    return "TLS: " + chain.get(chain.size() - 1).getMessage();
  }

  private static boolean isTls(Throwable cause) {
    return cause instanceof SSLException || cause instanceof CertificateException;
  }

  private static List<Throwable> causes(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable cause = thrown; cause != null && chain.size() < 20; cause = cause.getCause()) {
      chain.add(cause);
    }
    return chain;
  }
}
