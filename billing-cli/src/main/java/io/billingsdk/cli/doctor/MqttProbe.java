package io.billingsdk.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.Mqtt5Message;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult.Mqtt5Qos1Result;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.billingsdk.BillingConfig;
import io.billingsdk.Credentials;
import io.billingsdk.cli.doctor.MqttAnswer.AnswerKind;
import io.billingsdk.cli.trust.TrustedCertificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the broker as the service would make it, once, without its state machine: a
 * search for a fault must not repeat and smooth over. It ends with the first refusal that the
 * broker answers by disconnecting. For one thread.
 */
final class MqttProbe implements AutoCloseable {
  private static final int KEEP_ALIVE_SECONDS = 15;

  private final Mqtt5AsyncClient client;
  private final Duration patience;
  private final Map<String, BlockingQueue<byte[]>> received = new ConcurrentHashMap<>();

  private MqttProbe(Mqtt5AsyncClient client, Duration patience) {
    this.client = client;
    this.patience = patience;
  }

  /**
   * Connects.
   *
   * @throws ConnectRefusedException when the broker refuses
   * @throws IOException with the reason, when it does not answer
   */
  static MqttProbe connect(DoctorTarget doctorTarget) throws IOException {
    MqttProbe probe = new MqttProbe(client(doctorTarget), doctorTarget.patience());
    // Before connecting: a retained message that finds no flow is thrown away.
    probe.client.publishes(
        MqttGlobalPublishFilter.ALL,
        message -> probe.queue(message.getTopic().toString()).add(message.getPayloadAsBytes()));
    try {
      var unused =
          probe.wait(
              probe.client.connect(
                  Mqtt5Connect.builder()
                      .cleanStart(true)
                      .sessionExpiryInterval(0)
                      .keepAlive(KEEP_ALIVE_SECONDS)
                      .build()));
      return probe;
    } catch (ExecutionException refused) {
      throw refusal(refused);
    } catch (TimeoutException silence) {
      probe.close();
      throw new IOException("no answer to CONNECT", silence);
    }
  }

  MqttAnswer subscribe(String filter) {
    try {
      var unused =
          wait(client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send());
      return new MqttAnswer(AnswerKind.GRANTED, "granted");
    } catch (ExecutionException refused) {
      return new MqttAnswer(AnswerKind.REFUSED, reason(refused));
    } catch (TimeoutException silence) {
      return new MqttAnswer(AnswerKind.SILENCE, "no answer");
    }
  }

  /** Sends with QoS 1. */
  MqttAnswer publish(String topic, byte[] message) {
    try {
      Mqtt5PublishResult result =
          wait(
              client
                  .publishWith()
                  .topic(topic)
                  .qos(MqttQos.AT_LEAST_ONCE)
                  .payload(message)
                  .contentType("application/json")
                  .send());
      if (result.getError().isPresent()) {
        return new MqttAnswer(AnswerKind.REFUSED, reason(result.getError().get()));
      }
      boolean nobody =
          result instanceof Mqtt5Qos1Result answered
              && answered.getPubAck().getReasonCode()
                  == Mqtt5PubAckReasonCode.NO_MATCHING_SUBSCRIBERS;
      return nobody
          ? new MqttAnswer(AnswerKind.NOBODY_LISTENS, "no matching subscribers")
          : new MqttAnswer(AnswerKind.GRANTED, "taken");
    } catch (ExecutionException refused) {
      return new MqttAnswer(AnswerKind.REFUSED, reason(refused));
    } catch (TimeoutException silence) {
      return new MqttAnswer(AnswerKind.SILENCE, "no answer");
    }
  }

  /** The next message on a topic; null when none comes in time. */
  byte @Nullable [] await(String topic, Duration atMost) {
    try {
      return queue(topic).poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  @Override
  public void close() {
    try {
      var unused = wait(client.disconnect());
    } catch (ExecutionException | TimeoutException gone) {
      // It was refused before: there is nothing to end.
      return;
    }
  }

  private BlockingQueue<byte[]> queue(String topic) {
    return received.computeIfAbsent(topic, any -> new LinkedBlockingQueue<>());
  }

  private <T> T wait(CompletableFuture<T> answer) throws ExecutionException, TimeoutException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  private static Mqtt5AsyncClient client(DoctorTarget doctorTarget) throws IOException {
    BillingConfig config = doctorTarget.config();
    Mqtt5ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(doctorTarget.clientId())
            .serverHost(config.host())
            .serverPort(config.port());
    if (!config.allowInsecure()) {
      builder = builder.sslConfig(tls(doctorTarget));
    }
    Credentials credentials = config.credentials().map(Supplier::get).orElse(null);
    if (credentials != null) {
      builder =
          builder
              .simpleAuth()
              .username(credentials.username())
              .password(credentials.password().getBytes(UTF_8))
              .applySimpleAuth();
    }
    return builder.buildAsync();
  }

  private static MqttClientSslConfig tls(DoctorTarget doctorTarget) throws IOException {
    try {
      return MqttClientSslConfig.builder()
          .trustManagerFactory(TrustedCertificates.of(doctorTarget.config().caCertificates()))
          .handshakeTimeout(doctorTarget.patience().toMillis(), TimeUnit.MILLISECONDS)
          .build();
    } catch (GeneralSecurityException unusable) {
      throw new IOException("the CA file cannot be used: " + unusable.getMessage(), unusable);
    }
  }

  private static IOException refusal(ExecutionException refused) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof Mqtt5ConnAckException answer) {
        return new ConnectRefusedException(answer.getMqttMessage().getReasonCode(), refused);
      }
    }
    return new IOException(reason(refused), refused);
  }

  /** The broker's own words, by which its manual can be searched. */
  private static String reason(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Mqtt5SubAckException refused) {
        return String.valueOf(refused.getMqttMessage().getReasonCodes());
      }
      if (cause instanceof Mqtt5MessageException refused) {
        return code(refused);
      }
      root = cause;
    }
    return String.valueOf(root.getMessage());
  }

  private static String code(Mqtt5MessageException refused) {
    Mqtt5Message answer = refused.getMqttMessage();
    if (answer instanceof Mqtt5ConnAck connected) {
      return connected.getReasonCode().name();
    }
    if (answer instanceof Mqtt5Disconnect ended) {
      return ended.getReasonCode().name();
    }
    if (answer instanceof Mqtt5PubAck published) {
      return published.getReasonCode().name();
    }
    return String.valueOf(refused.getMessage());
  }
}
