package io.billingsdk.broker;

import static java.util.Objects.requireNonNull;

import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.broker.HandedPublish.Handover;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link EmbeddedBroker}. Required: {@link #tls} or {@link #insecure}, and {@link #user}
 * or {@link #allowAnonymous}; contradictions are refused by {@link #build()}.
 *
 * <p>Not thread-safe; used once.
 */
public final class EmbeddedBrokerBuilder {

  /** The default of {@link #receiveMaximum}. */
  public static final int DEFAULT_RECEIVE_MAXIMUM = 1000;

  /** The default and the upper bound of {@link #maximumPacketSize}: what MQTT allows. */
  public static final int DEFAULT_MAXIMUM_PACKET_SIZE = 268_435_460;

  /** The default of {@link #maximumQos}. */
  public static final int DEFAULT_MAXIMUM_QOS = 2;

  /** The default of {@link #maximumQueuedMessages}. */
  public static final int DEFAULT_MAXIMUM_QUEUED_MESSAGES = 1000;

  private final UserDirectory users = new UserDirectory();
  private final List<ClientInitializer> clientInitializers = new ArrayList<>();
  private final List<ConnectInboundInterceptor> connectInterceptors = new ArrayList<>();
  private Consumer<RefusedClient> refusals = refused -> {};
  private @Nullable IssuedCertificate certificate;
  private @Nullable CertificateAuthority clientAuthority;
  private @Nullable Path dataDirectory;
  private boolean insecure;
  private boolean anonymous;
  private int port;
  private int receiveMaximum = DEFAULT_RECEIVE_MAXIMUM;
  private int maximumPacketSize = DEFAULT_MAXIMUM_PACKET_SIZE;
  private int maximumQueuedMessages = DEFAULT_MAXIMUM_QUEUED_MESSAGES;
  private int maximumQos = DEFAULT_MAXIMUM_QOS;
  private BrokerSettings.@Nullable HandoverSettings handover;

  EmbeddedBrokerBuilder() {}

  /** Listens with TLS and proves itself with this certificate. */
  public EmbeddedBrokerBuilder tls(IssuedCertificate certificate) {
    this.certificate = requireNonNull(certificate, "certificate");
    return this;
  }

  /** Listens without TLS: passwords and messages can be read on the wire. */
  public EmbeddedBrokerBuilder insecure() {
    this.insecure = true;
    return this;
  }

  /** Refuses clients without a certificate of this authority; users are asked for as before. */
  public EmbeddedBrokerBuilder clientCertificatesFrom(CertificateAuthority authority) {
    this.clientAuthority = requireNonNull(authority, "authority");
    return this;
  }

  /** Sets the port, 0 to 65535; 0, the default, takes any free one. */
  public EmbeddedBrokerBuilder port(int port) {
    this.port = requireRange("port", port, 0, 65_535);
    return this;
  }

  /**
   * Declares a user; repeatable with another name.
   *
   * @param name not blank
   * @param password not empty
   * @param rules what the user may do; with an empty list it may connect and nothing else
   */
  public EmbeddedBrokerBuilder user(String name, String password, List<TopicRule> rules) {
    Certificates.requireName("name", name);
    requirePassword("password", password);
    users.add(name, password, List.copyOf(rules), ClientIdRule.ANY);
    return this;
  }

  /** Lets every client in, to every topic. Excludes {@link #user}. */
  public EmbeddedBrokerBuilder allowAnonymous() {
    this.anonymous = true;
    return this;
  }

  /**
   * Sets where the broker keeps its files while it runs; made when absent, left behind when the
   * broker is closed, except for keys and configuration. The default is a temporary directory that
   * is deleted, by the next such broker if the process was killed. Messages and sessions are not
   * kept in either.
   */
  public EmbeddedBrokerBuilder dataDirectory(Path directory) {
    this.dataDirectory = requireNonNull(directory, "directory");
    return this;
  }

  /**
   * Sets how many unacknowledged messages a client may have on the way, 1 to 65535; {@value
   * #DEFAULT_RECEIVE_MAXIMUM} by default.
   */
  public EmbeddedBrokerBuilder receiveMaximum(int messages) {
    this.receiveMaximum = requireRange("receiveMaximum", messages, 1, 65_535);
    return this;
  }

  /**
   * Sets the largest packet in bytes that a client may send, 15 to {@value
   * #DEFAULT_MAXIMUM_PACKET_SIZE}, which is the default. A client that exceeds it is disconnected.
   */
  public EmbeddedBrokerBuilder maximumPacketSize(int bytes) {
    this.maximumPacketSize =
        requireRange("maximumPacketSize", bytes, 15, DEFAULT_MAXIMUM_PACKET_SIZE);
    return this;
  }

  /**
   * Sets how many messages are kept for one client that does not take them, at least 1; {@value
   * #DEFAULT_MAXIMUM_QUEUED_MESSAGES} by default. More are acknowledged to their sender and
   * dropped.
   */
  public EmbeddedBrokerBuilder maximumQueuedMessages(int messages) {
    this.maximumQueuedMessages =
        requireRange("maximumQueuedMessages", messages, 1, Integer.MAX_VALUE);
    return this;
  }

  /**
   * Sets the highest quality of service of a publish, 0 to 2; {@value #DEFAULT_MAXIMUM_QOS} by
   * default. A client that exceeds it is disconnected.
   */
  public EmbeddedBrokerBuilder maximumQos(int qos) {
    this.maximumQos = requireRange("maximumQos", qos, 0, 2);
    return this;
  }

  /**
   * Hands publishes over instead of giving them to subscribers.
   *
   * <p>Each connection has at most {@link #receiveMaximum} of them without an answer: clients of
   * MQTT 5 keep to it, from others no more is read. All connections together have about {@code
   * heldBytes} of them, and those of one login as much as is free: beyond it nothing is read from a
   * connection whose publish has just come, until there is room again. A client that is not read
   * for one and a half times its keep-alive is disconnected, as the broker does not see its pings
   * either.
   *
   * @param to takes them
   * @param heldBytes of payloads, and 512 for each publish; at least 1
   */
  public EmbeddedBrokerBuilder handover(Handover to, long heldBytes) {
    if (heldBytes < 1) {
      throw new IllegalArgumentException("heldBytes must be at least 1, but is " + heldBytes);
    }
    this.handover = new BrokerSettings.HandoverSettings(requireNonNull(to, "to"), heldBytes);
    return this;
  }

  /** Adds a hook that sees each client once it is let in, for interceptors; repeatable. */
  public EmbeddedBrokerBuilder clientInitializer(ClientInitializer initializer) {
    clientInitializers.add(requireNonNull(initializer, "initializer"));
    return this;
  }

  /** Adds a hook that sees each CONNECT before its user is checked; repeatable. */
  public EmbeddedBrokerBuilder connectInterceptor(ConnectInboundInterceptor interceptor) {
    connectInterceptors.add(requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /**
   * Sets the listener that hears which clients were refused; none by default. It is called on the
   * broker's own threads, before the client is answered: it must return at once, and must not
   * throw.
   */
  public EmbeddedBrokerBuilder onRefused(Consumer<RefusedClient> listener) {
    this.refusals = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Builds the broker, which is not started.
   *
   * @throws IllegalStateException when something required is missing or two settings contradict
   *     each other; the message names all of them
   */
  public EmbeddedBroker build() {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("; ", problems));
    }
    BrokerSettings settings =
        new BrokerSettings(
            certificate,
            clientAuthority,
            anonymous,
            users,
            dataDirectory,
            new BrokerSettings.Limits(
                receiveMaximum, maximumPacketSize, maximumQueuedMessages, maximumQos),
            List.copyOf(clientInitializers),
            List.copyOf(connectInterceptors),
            refusals,
            handover);
    return new EmbeddedBroker(settings, port);
  }

  static void requirePassword(String parameter, String password) {
    if (password.isEmpty()) {
      throw new IllegalArgumentException(parameter + " must not be empty");
    }
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if ((certificate != null) == insecure) {
      problems.add("exactly one of tls() and insecure() must be called");
    }
    if (clientAuthority != null && certificate == null) {
      problems.add("clientCertificatesFrom() needs tls()");
    }
    if (users.isEmpty() != anonymous) {
      problems.add("either user() or allowAnonymous() must be called, and not both");
    }
    return problems;
  }

  private static int requireRange(String parameter, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " must be from " + least + " to " + most + ", but is " + value);
    }
    return value;
  }

  /**
   * Something that a client was refused by an {@link EmbeddedBroker}. Immutable; holds no password.
   *
   * @param reason why
   * @param user the user name that it gave, or empty. It is what the client says, of any length and
   *     with any characters; somebody who mixes the two up gives a password here
   * @param clientId its client id, as the broker knows it
   * @param address where it connected from, or empty
   * @param subject the topic or the filter for {@link Reason#PUBLISH}, {@link Reason#SUBSCRIBE} and
   *     {@link Reason#WILL}; the address of the other client for {@link Reason#TAKEN_OVER}; the
   *     fault for {@link Reason#TLS} and {@link Reason#PROTOCOL}; otherwise empty
   */
  public record RefusedClient(
      Reason reason, String user, String clientId, String address, String subject) {

    /** Why a client was refused. */
    public enum Reason {
      /** It gave no user name, or one that was not declared. */
      UNKNOWN_USER,
      /** It gave no password, or not the one of its user. */
      WRONG_PASSWORD,
      /** Its user may not connect under this client id. */
      CLIENT_ID,
      /** Its user has no rule to publish to a topic; the broker ends the connection. */
      PUBLISH,
      /** Its user has no rule to subscribe to a filter; the connection stays. */
      SUBSCRIBE,
      /** Its user has no rule to publish to the topic of its Will; it was not let in. */
      WILL,
      /** Another client connected under its client id; the broker ended its connection. */
      TAKEN_OVER,
      /** Its TLS handshake failed. Nothing is known of it but its address. */
      TLS,
      /**
       * It broke a rule of MQTT, or a limit that the broker had announced; the broker ended the
       * connection.
       */
      PROTOCOL
    }
  }
}
