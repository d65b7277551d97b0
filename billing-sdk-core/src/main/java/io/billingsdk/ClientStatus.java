package io.billingsdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consistent picture of a client at one moment. Immutable and thread-safe; two that say the same
 * are equal.
 */
public final class ClientStatus {
  private final ClientStatusParts parts;

  private record ClientStatusParts(
      ConnectionState state,
      Instant since,
      @Nullable Problem lastProblem,
      Delivery delivery,
      Journal journal,
      Keys keys,
      Protocol protocol) {}

  private ClientStatus(ClientStatusParts parts) {
    this.parts = parts;
  }

  /**
   * A picture without a problem, of a client that does not know its protocol yet.
   *
   * @param state where the connection stands
   * @param since when it came into that state
   * @param delivery what became of the events
   * @param journal how the buffer stands
   * @param keys what is known of the keys
   */
  public static ClientStatus of(
      ConnectionState state, Instant since, Delivery delivery, Journal journal, Keys keys) {
    return new ClientStatus(
        new ClientStatusParts(state, since, null, delivery, journal, keys, Protocol.AUTO));
  }

  /** The same with this in place of {@link #lastProblem}. */
  public ClientStatus withLastProblem(@Nullable Problem lastProblem) {
    return new ClientStatus(
        new ClientStatusParts(
            parts.state(),
            parts.since(),
            lastProblem,
            parts.delivery(),
            parts.journal(),
            parts.keys(),
            parts.protocol()));
  }

  /** The same with this in place of {@link #protocol}. */
  public ClientStatus withProtocol(Protocol protocol) {
    return new ClientStatus(
        new ClientStatusParts(
            parts.state(),
            parts.since(),
            parts.lastProblem(),
            parts.delivery(),
            parts.journal(),
            parts.keys(),
            protocol));
  }

  /** Where the connection stands. */
  public ConnectionState state() {
    return parts.state();
  }

  /** When it came into that state. */
  public Instant since() {
    return parts.since();
  }

  /** What went wrong last, also when it is over; null if nothing ever did. */
  public @Nullable Problem lastProblem() {
    return parts.lastProblem();
  }

  /** What became of the events. */
  public Delivery delivery() {
    return parts.delivery();
  }

  /** How the buffer stands. */
  public Journal journal() {
    return parts.journal();
  }

  /** What is known of the keys. */
  public Keys keys() {
    return parts.keys();
  }

  /** The protocol in use; {@link Protocol#AUTO} while it is not known yet. */
  public Protocol protocol() {
    return parts.protocol();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientStatus that && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return ValueText.of("ClientStatus", parts);
  }

  /** What kind of thing went wrong. */
  public enum ProblemKind {
    /** The broker could not be reached, or the connection broke. */
    NETWORK,
    /** TLS failed: wrong host name, unknown CA, expired certificate, no common version. */
    TLS,
    /** The broker refuses the credentials or the client id. */
    UNAUTHORIZED,
    /** The broker refuses a subscription or a topic: its access rules do not fit this client. */
    FORBIDDEN,
    /** Nobody takes the reports, or the billing system is offline: events are kept until then. */
    NO_RECEIVER,
    /** Events are refused for good and set aside: a wrong clock, a limit, or bad events. */
    REFUSED,
    /** The broker answered with an error, or against the protocol. */
    BROKER,
    /**
     * Local: a PEM file or the credentials supplier failed, or the client itself did: a class that
     * is missing, for example. The log has its stack, once.
     */
    LOCAL
  }

  /** Something that went wrong. Immutable and thread-safe; two that say the same are equal. */
  public static final class Problem {
    private final ProblemParts parts;

    private record ProblemParts(ProblemKind kind, String message, Instant at) {}

    private Problem(ProblemParts parts) {
      this.parts = parts;
    }

    /**
     * A problem, for implementations of {@link BillingClient}.
     *
     * @param kind what kind of thing
     * @param message what it was, for people; free of secrets
     * @param at when
     */
    public static Problem of(ProblemKind kind, String message, Instant at) {
      return new Problem(new ProblemParts(kind, message, at));
    }

    /** What kind of thing. */
    public ProblemKind kind() {
      return parts.kind();
    }

    /** What it was, for people; free of secrets. */
    public String message() {
      return parts.message();
    }

    /** When. */
    public Instant at() {
      return parts.at();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Problem that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Problem", parts);
    }
  }

  /**
   * The loss equation: {@code accepted = delivered + pending + deadLettered + dropped} holds at
   * every moment. Immutable and thread-safe; two that say the same are equal.
   */
  public static final class Delivery {
    private final DeliveryParts parts;

    private record DeliveryParts(
        long accepted,
        long delivered,
        long pending,
        long deadLettered,
        long dropped,
        Map<RejectionReason, Long> rejected,
        @Nullable String trouble) {
      private DeliveryParts {
        rejected = Map.copyOf(rejected);
      }
    }

    private Delivery(DeliveryParts parts) {
      this.parts = parts;
    }

    /**
     * Of a client that sets no events aside at the moment.
     *
     * @param accepted events for which {@code report} returned {@link ReportOutcome.Accepted},
     *     those that earlier processes left in the journal, and once more those that came back for
     *     a restored billing system ({@link BillingConfigBuilder#retainDelivered})
     * @param delivered events that arrived: with protocol v2 the billing system has committed them,
     *     with v1 the broker has acknowledged them with success
     * @param pending events in the buffer, whether sent already or not
     * @param deadLettered events that the broker or the billing system refuses for good; they are
     *     set aside, not dropped
     * @param dropped events that were given up: to make room for newer ones, as {@link
     *     WhenFull#dropOldest} wants it, or because the client is switched off; otherwise 0
     * @param rejected events that were never accepted, by reason; reasons with none are absent
     */
    public static Delivery of(
        long accepted,
        long delivered,
        long pending,
        long deadLettered,
        long dropped,
        Map<RejectionReason, Long> rejected) {
      return new Delivery(
          new DeliveryParts(accepted, delivered, pending, deadLettered, dropped, rejected, null));
    }

    /** The same with this in place of {@link #trouble}. */
    public Delivery withTrouble(@Nullable String trouble) {
      return new Delivery(
          new DeliveryParts(
              parts.accepted(),
              parts.delivered(),
              parts.pending(),
              parts.deadLettered(),
              parts.dropped(),
              parts.rejected(),
              trouble));
    }

    /**
     * Events for which {@code report} returned {@link ReportOutcome.Accepted}, those that earlier
     * processes left in the journal, and once more those that came back for a restored billing
     * system ({@link BillingConfigBuilder#retainDelivered}).
     */
    public long accepted() {
      return parts.accepted();
    }

    /**
     * Events that arrived: with protocol v2 the billing system has committed them, with v1 the
     * broker has acknowledged them with success.
     */
    public long delivered() {
      return parts.delivered();
    }

    /** Events in the buffer, whether sent already or not. */
    public long pending() {
      return parts.pending();
    }

    /**
     * Events that the broker or the billing system refuses for good; they are set aside, not
     * dropped.
     */
    public long deadLettered() {
      return parts.deadLettered();
    }

    /**
     * Events that were given up: to make room for newer ones, as {@link WhenFull#dropOldest} wants
     * it, or because the client is switched off; otherwise 0.
     */
    public long dropped() {
      return parts.dropped();
    }

    /** Events that were never accepted, by reason; reasons with none are absent. */
    public Map<RejectionReason, Long> rejected() {
      return parts.rejected();
    }

    /**
     * Why events are set aside at the moment, how many in a row, and how they come back, or why the
     * billing system does not take them for now; null once one is delivered.
     */
    public @Nullable String trouble() {
      return parts.trouble();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Delivery that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Delivery", parts);
    }
  }

  /** The buffer of accepted events. Immutable and thread-safe; two that say the same are equal. */
  public static final class Journal {
    private final JournalParts parts;

    private record JournalParts(
        boolean onDisk,
        long bytes,
        int segments,
        long quarantined,
        int unreadable,
        long unreadableBytes,
        @Nullable Instant oldest,
        @Nullable String trouble) {}

    private Journal(JournalParts parts) {
      this.parts = parts;
    }

    /**
     * A buffer that is well and has nothing pending.
     *
     * @param onDisk whether it is on disk; false for a buffer in memory
     * @param bytes bytes that it holds
     * @param segments files that it consists of; 0 in memory
     */
    public static Journal of(boolean onDisk, long bytes, int segments) {
      return new Journal(new JournalParts(onDisk, bytes, segments, 0, 0, 0, null, null));
    }

    /** The same with this in place of {@link #quarantined}. */
    public Journal withQuarantined(long quarantined) {
      return new Journal(
          new JournalParts(
              parts.onDisk(),
              parts.bytes(),
              parts.segments(),
              quarantined,
              parts.unreadable(),
              parts.unreadableBytes(),
              parts.oldest(),
              parts.trouble()));
    }

    /** The same with this in place of {@link #unreadable}. */
    public Journal withUnreadable(int unreadable) {
      return new Journal(
          new JournalParts(
              parts.onDisk(),
              parts.bytes(),
              parts.segments(),
              parts.quarantined(),
              unreadable,
              parts.unreadableBytes(),
              parts.oldest(),
              parts.trouble()));
    }

    /** The same with this in place of {@link #unreadableBytes}. */
    public Journal withUnreadableBytes(long unreadableBytes) {
      return new Journal(
          new JournalParts(
              parts.onDisk(),
              parts.bytes(),
              parts.segments(),
              parts.quarantined(),
              parts.unreadable(),
              unreadableBytes,
              parts.oldest(),
              parts.trouble()));
    }

    /** The same with this in place of {@link #oldest}. */
    public Journal withOldest(@Nullable Instant oldest) {
      return new Journal(
          new JournalParts(
              parts.onDisk(),
              parts.bytes(),
              parts.segments(),
              parts.quarantined(),
              parts.unreadable(),
              parts.unreadableBytes(),
              oldest,
              parts.trouble()));
    }

    /** The same with this in place of {@link #trouble}. */
    public Journal withTrouble(@Nullable String trouble) {
      return new Journal(
          new JournalParts(
              parts.onDisk(),
              parts.bytes(),
              parts.segments(),
              parts.quarantined(),
              parts.unreadable(),
              parts.unreadableBytes(),
              parts.oldest(),
              trouble));
    }

    /** Whether it is on disk; false for a buffer in memory. */
    public boolean onDisk() {
      return parts.onDisk();
    }

    /** Bytes that it holds. */
    public long bytes() {
      return parts.bytes();
    }

    /** Files that it consists of; 0 in memory. */
    public int segments() {
      return parts.segments();
    }

    /** Pieces of damaged bytes that were found and kept aside. */
    public long quarantined() {
      return parts.quarantined();
    }

    /**
     * Files that this process leaves alone because they cannot be opened, or their format is newer
     * than this library: an earlier release was started after a later one. Their events are in no
     * other count, and wait for a release that can read them.
     */
    public int unreadable() {
      return parts.unreadable();
    }

    /** Bytes of those whose format is newer. */
    public long unreadableBytes() {
      return parts.unreadableBytes();
    }

    /** When the oldest pending part was begun; null when nothing is pending, or in memory. */
    public @Nullable Instant oldest() {
      return parts.oldest();
    }

    /**
     * Why events are rejected at the moment, or will be soon: the disk is full or fails, the
     * directory was removed or moved, or cannot be written; null when all is well.
     */
    public @Nullable String trouble() {
      return parts.trouble();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Journal that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Journal", parts);
    }
  }

  /** The key table. Immutable and thread-safe; two that say the same are equal. */
  public static final class Keys {
    private final KeysParts parts;

    private record KeysParts(
        boolean loaded, int known, int blocked, @Nullable Instant updatedAt, long version) {}

    private Keys(KeysParts parts) {
      this.parts = parts;
    }

    /**
     * A table without a version.
     *
     * @param loaded whether an update was ever received
     * @param known keys in the table
     * @param blocked how many of them are blocked
     * @param updatedAt when the last update was received; null if none was
     */
    public static Keys of(boolean loaded, int known, int blocked, @Nullable Instant updatedAt) {
      return new Keys(new KeysParts(loaded, known, blocked, updatedAt, 0));
    }

    /** The same with this in place of {@link #version}. */
    public Keys withVersion(long version) {
      return new Keys(
          new KeysParts(
              parts.loaded(), parts.known(), parts.blocked(), parts.updatedAt(), version));
    }

    /** Whether an update was ever received. */
    public boolean loaded() {
      return parts.loaded();
    }

    /** Keys in the table. */
    public int known() {
      return parts.known();
    }

    /** How many of them are blocked. */
    public int blocked() {
      return parts.blocked();
    }

    /** When the last update was received; null if none was. */
    public @Nullable Instant updatedAt() {
      return parts.updatedAt();
    }

    /** Version of the table, which only grows; 0 with protocol v1, which has none. */
    public long version() {
      return parts.version();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Keys that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Keys", parts);
    }
  }
}
