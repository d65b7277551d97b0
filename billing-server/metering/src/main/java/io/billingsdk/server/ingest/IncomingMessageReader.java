package io.billingsdk.server.ingest;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V1Message;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Reads usage of both protocols. Events of instances that number nothing get an identity here, at
 * their arrival, so that a transaction that is done again does not count them again. Thread-safe.
 */
final class IncomingMessageReader {
  private static final LimitedLog log =
      new LimitedLog(LoggerFactory.getLogger(IncomingMessageReader.class));

  private final V2Topics topics;
  private final String report;
  private final Clocks clocks;

  /** As many as there are lanes, so that all of them can work; a connection keeps to one. */
  private final List<Own> owns = Stream.generate(Own::begin).limit(CollectorLanes.COUNT).toList();

  private record Own(UUID stream, AtomicLong last) {
    static Own begin() {
      return new Own(UUID.randomUUID(), new AtomicLong());
    }
  }

  IncomingMessageReader(V2Topics topics) {
    this(topics, TimeBounds.standard().clocks());
  }

  IncomingMessageReader(V2Topics topics, Clocks clocks) {
    this.clocks = clocks;
    this.topics = topics;
    this.report = V1Topics.under(topics.prefix()).report();
  }

  /** Reads a batch of protocol v2; its instance is the one of its topic. */
  IncomingMessage batch(HeldMessage message) {
    String instance = topics.instanceOf(message.topic()).orElse(null);
    if (instance == null || KeyMask.isIn(instance)) {
      return malformed(message, null, "no instance in the topic");
    }
    try {
      byte[] payload = message.payload();
      if (message.hasProperty(Gzip.PROPERTY, Gzip.VALUE)) {
        payload = Gzip.expand(payload, Bounds.BATCH_BYTES);
      }
      UsageBatch batch = UsageBatch.decode(payload);
      Long clock = clocks.said(instance, batch.sentAtMillis());
      List<IncomingEvent> entries = new ArrayList<>(batch.events().size());
      for (ReceivedEvent event : batch.events()) {
        entries.add(
            new IncomingEvent(batch.stream(), instance, event, batch.secret()).withClock(clock));
      }
      return arrival(message, instance, entries, null, payload.length);
    } catch (MalformedMessageException malformed) {
      return malformed(message, instance, String.valueOf(malformed.getMessage()));
    } catch (RuntimeException | StackOverflowError defect) {
      return unreadable(message, instance, defect);
    }
  }

  /** Reads usage of either protocol, by its topic. */
  IncomingMessage read(HeldMessage message) {
    return isReport(message) ? report(message) : batch(message);
  }

  /** Whether it is of protocol v1. */
  boolean isReport(HeldMessage message) {
    return message.topic().equals(report);
  }

  /** Whose it is: its login, or the instance of its topic, which a broker holds to its login. */
  Sender senderOf(HeldMessage message) {
    String login = message.login();
    return login.isEmpty()
        ? new Sender(KeyMask.masked(topics.instanceOf(message.topic()).orElse("")), 0)
        : new Sender(KeyMask.masked(login), message.sender());
  }

  /** Reads a report of protocol v1. */
  IncomingMessage report(HeldMessage message) {
    try {
      V1Message report = V1Message.decode(message.payload());
      UUID stream = report.stream();
      IncomingEvent incomingEvent =
          stream == null
              ? numbered(owns.get(Math.floorMod(message.sender(), owns.size())), report.event())
              : new IncomingEvent(stream, null, report.event());
      return arrival(
          message,
          null,
          List.of(incomingEvent.sentBy(senderOf(message).login())),
          null,
          message.bytes());
    } catch (MalformedMessageException malformed) {
      return malformed(message, null, String.valueOf(malformed.getMessage()));
    } catch (RuntimeException | StackOverflowError defect) {
      return unreadable(message, null, defect);
    }
  }

  /** What it could be expanded to is charged: to find out that it is malformed costs as much. */
  private IncomingMessage malformed(HeldMessage message, @Nullable String instance, String why) {
    int read =
        message.hasProperty(Gzip.PROPERTY, Gzip.VALUE) ? Bounds.BATCH_BYTES : message.bytes();
    return arrival(message, instance, List.of(), why, read);
  }

  /**
   * A defect of ours: out of here the message would be acknowledged and nothing kept of it. Without
   * the text of the defect, which may quote a key.
   */
  private IncomingMessage unreadable(
      HeldMessage message, @Nullable String instance, Throwable defect) {
    log.error(
        LimitedLog.LogKind.DEFECT,
        "a message of {} bytes could not be read: {}",
        message.bytes(),
        defect.getClass());
    return malformed(message, instance, "could not be read: " + defect.getClass().getSimpleName());
  }

  private IncomingMessage arrival(
      HeldMessage message,
      @Nullable String instance,
      List<IncomingEvent> entries,
      @Nullable String malformed,
      int readBytes) {
    return new IncomingMessage(
        KeyMask.masked(message.topic()),
        message.bytes(),
        instance,
        entries,
        malformed,
        message.isRepeated(),
        message::settle,
        message,
        senderOf(message),
        readBytes);
  }

  private static IncomingEvent numbered(Own own, ReceivedEvent event) {
    return IncomingEvent.numberedHere(
        own.stream(), StreamOrigin.V1_UNNUMBERED, numbered(own.last().incrementAndGet(), event));
  }

  private static ReceivedEvent numbered(long seq, ReceivedEvent event) {
    if (event instanceof ReceivedEvent.Valid valid) {
      return valid.withSeq(seq);
    }
    ReceivedEvent.Invalid invalid = (ReceivedEvent.Invalid) event;
    return new ReceivedEvent.Invalid(seq, invalid.code(), invalid.detail(), invalid.json());
  }
}
