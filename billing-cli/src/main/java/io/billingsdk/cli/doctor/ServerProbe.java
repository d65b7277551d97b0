package io.billingsdk.cli.doctor;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.Hello.JournalState;
import io.billingsdk.protocol.Hello.LossEquation;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the billing system all that a service asks, and reports nothing: the batch is empty, and its
 * stream is one that is not kept. For one thread.
 */
final class ServerProbe {
  /** A retained message follows its subscription at once. */
  private static final Duration RETAINED = Duration.ofSeconds(2);

  private final DoctorTarget doctorTarget;
  private final MqttProbe probe;
  private final V2Topics topics;
  private final V1Topics legacy;

  ServerProbe(DoctorTarget doctorTarget, MqttProbe probe) {
    this.doctorTarget = doctorTarget;
    this.probe = probe;
    this.topics = V2Topics.under(doctorTarget.config().topicPrefix());
    this.legacy = V1Topics.under(doctorTarget.config().topicPrefix());
  }

  /** Holds it. What a broker may answer by disconnecting comes last. */
  ProbeResult hold() {
    String id = doctorTarget.clientId();
    Map<String, MqttAnswer> subscriptions = new LinkedHashMap<>();
    for (String topic :
        List.of(
            topics.receipts(id),
            topics.keys(id),
            topics.keys(),
            topics.collector(),
            legacy.keysUpdate())) {
      subscriptions.put(topic, probe.subscribe(topic));
    }
    Presence presence = presence();
    MqttAnswer usage = probe.publish(topics.usage(id), emptyBatch());
    boolean listens = usage.kind() == MqttAnswer.AnswerKind.GRANTED;
    boolean receipt = listens && isGranted(subscriptions, topics.receipts(id)) && awaitReceipt();
    MqttAnswer hello = usage.isAllowed() ? probe.publish(topics.hello(id), hello()) : null;
    boolean answered = hello != null && hello.kind() == MqttAnswer.AnswerKind.GRANTED;
    List<KeyRecord> keys =
        answered && isGranted(subscriptions, topics.keys(id)) ? awaitKeys() : null;
    Clock clock = isGranted(subscriptions, legacy.keysUpdate()) ? askForTime() : Clock.UNKNOWN;
    return new ProbeResult(
        subscriptions, presence, usage, hello, receipt, keys, clock.protocol(), clock.ahead());
  }

  private static boolean isGranted(Map<String, MqttAnswer> subscriptions, String topic) {
    MqttAnswer answer = subscriptions.get(topic);
    return answer != null && answer.isAllowed();
  }

  private @Nullable Presence presence() {
    byte[] message = probe.await(topics.collector(), RETAINED);
    try {
      return message == null ? null : Presence.decode(message);
    } catch (MalformedMessageException other) {
      return null;
    }
  }

  private byte[] emptyBatch() {
    long now = doctorTarget.clock().millis();
    return new BatchWriter(UsageBatch.PROBE, now, Bounds.BATCH_BYTES).toBytes();
  }

  private boolean awaitReceipt() {
    byte[] message = probe.await(topics.receipts(doctorTarget.clientId()), doctorTarget.patience());
    try {
      return message != null && Receipt.decode(message).stream().equals(UsageBatch.PROBE);
    } catch (MalformedMessageException other) {
      return false;
    }
  }

  private byte[] hello() {
    return new Hello(
            "doctor",
            doctorTarget.clock().millis(),
            UsageBatch.PROBE,
            0,
            0,
            /* keysWanted= */ true,
            new LossEquation(0, 0, 0, 0, 0, 0),
            new JournalState(/* onDisk= */ false, 0, 0, 0, null),
            List.of())
        .encode();
  }

  /** All chunks of one version; null when they do not all come. */
  private @Nullable List<KeyRecord> awaitKeys() {
    List<KeyRecord> keys = new ArrayList<>();
    int come = 0;
    try {
      while (true) {
        byte[] message = probe.await(topics.keys(doctorTarget.clientId()), doctorTarget.patience());
        if (message == null) {
          return null;
        }
        KeyFeedMessage chunk = KeyFeedMessage.decode(message);
        keys.addAll(chunk.keys());
        come++;
        if (come >= chunk.chunks()) {
          return List.copyOf(keys);
        }
      }
    } catch (MalformedMessageException other) {
      return null;
    }
  }

  private record Clock(int protocol, @Nullable Duration ahead) {
    static final Clock UNKNOWN = new Clock(0, null);
  }

  /** An update of v1's feed is the one message that says what time it is at the server. */
  private Clock askForTime() {
    Instant before = doctorTarget.clock().instant();
    byte[] request = V1Codec.keysRequest(before.toEpochMilli());
    if (!probe.publish(legacy.keysRequest(), request).isAllowed()) {
      return Clock.UNKNOWN;
    }
    byte[] message = probe.await(legacy.keysUpdate(), doctorTarget.patience());
    if (message == null) {
      return Clock.UNKNOWN;
    }
    Duration way = Duration.between(before, doctorTarget.clock().instant());
    try {
      KeyUpdate update = V1Codec.decodeKeyUpdate(message);
      Instant there = Instant.ofEpochMilli(update.timestampMillis());
      Duration ahead = Duration.between(there, before.plus(way.dividedBy(2)));
      return new Clock(update.protocol(), ahead);
    } catch (MalformedMessageException other) {
      return Clock.UNKNOWN;
    }
  }
}
