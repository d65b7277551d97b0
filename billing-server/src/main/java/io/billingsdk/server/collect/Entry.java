package io.billingsdk.server.collect;

import io.billingsdk.server.ledger.StreamOrigin;
import io.billingsdk.wire.ReceivedEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One event on its way into the ledger, and what became of it. For the writer's thread. */
final class Entry {
  /** What became of it. */
  enum Fate {
    PENDING,
    COMMITTED,
    DUPLICATE,
    REJECTED
  }

  private final UUID stream;
  private final @Nullable String instance;
  private final StreamOrigin origin;
  private final ReceivedEvent event;
  private final boolean timed;
  private KeyOwners.@Nullable Owner owner;
  private Fate fate = Fate.PENDING;
  private String code = "";
  private String detail = "";

  /** Of a producer that numbers its events: with an instance by protocol v2, else by v1. */
  Entry(UUID stream, @Nullable String instance, ReceivedEvent event) {
    this(
        stream,
        instance,
        instance == null ? StreamOrigin.V1 : StreamOrigin.V2,
        event,
        /* timed= */ false);
  }

  private Entry(
      UUID stream,
      @Nullable String instance,
      StreamOrigin origin,
      ReceivedEvent event,
      boolean timed) {
    this.stream = stream;
    this.instance = instance;
    this.origin = origin;
    this.event = event;
    this.timed = timed;
  }

  /** Whether its sender said when it happened; if not, a repeat may have another time. */
  boolean isTimed() {
    return timed;
  }

  /** In a stream of this server's own, which numbers what comes. */
  static Entry numberedHere(UUID stream, StreamOrigin origin, ReceivedEvent event) {
    return numberedHere(stream, origin, event, /* timed= */ false);
  }

  static Entry numberedHere(UUID stream, StreamOrigin origin, ReceivedEvent event, boolean timed) {
    return new Entry(stream, null, origin, event, timed);
  }

  UUID stream() {
    return stream;
  }

  @Nullable String instance() {
    return instance;
  }

  StreamOrigin origin() {
    return origin;
  }

  ReceivedEvent event() {
    return event;
  }

  long seq() {
    return event.seq();
  }

  Fate fate() {
    return fate;
  }

  String code() {
    return code;
  }

  String detail() {
    return detail;
  }

  /** To whom it was counted; null when it was not. */
  KeyOwners.@Nullable Owner owner() {
    return owner;
  }

  void isCountedFor(KeyOwners.Owner whom) {
    is(Fate.COMMITTED);
    owner = whom;
  }

  /** Sets its fate; a transaction that is done again sets it again. */
  void is(Fate next) {
    fate = next;
    code = "";
    detail = "";
  }

  void isRejected(String why, String explained) {
    fate = Fate.REJECTED;
    code = why;
    detail = explained;
  }
}
