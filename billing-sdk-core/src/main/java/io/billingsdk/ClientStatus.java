package io.billingsdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consistent picture of a client at one moment.
 *
 * @param state where the connection stands
 * @param since when it came into that state
 * @param lastProblem what went wrong last, also when it is over; null if nothing ever did
 * @param delivery what became of the events
 * @param journal how the buffer stands
 * @param keys what is known of the keys
 * @param protocol the one in use; {@link Protocol#AUTO} while it is not known yet
 */
public record ClientStatus(
    ConnectionState state,
    Instant since,
    @Nullable Problem lastProblem,
    Delivery delivery,
    Journal journal,
    Keys keys,
    Protocol protocol) {

  /** The picture of a client that does not know its protocol yet. */
  public ClientStatus(
      ConnectionState state,
      Instant since,
      @Nullable Problem lastProblem,
      Delivery delivery,
      Journal journal,
      Keys keys) {
    this(state, since, lastProblem, delivery, journal, keys, Protocol.AUTO);
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

  /**
   * Something that went wrong.
   *
   * @param kind what kind of thing
   * @param message for people; free of secrets
   * @param at when
   */
  public record Problem(ProblemKind kind, String message, Instant at) {}

  /**
   * The loss equation and the buffer. {@code accepted = delivered + pending + deadLettered +
   * dropped} holds at every moment.
   *
   * @param accepted events for which {@code report} returned {@link ReportOutcome.Accepted}, those
   *     that earlier processes left in the journal, and once more those that came back for a
   *     restored billing system ({@link BillingConfigBuilder#retainDelivered})
   * @param delivered events that arrived: with protocol v2 the billing system has committed them,
   *     with v1 the broker has acknowledged them with success
   * @param pending events in the buffer, whether sent already or not
   * @param deadLettered events that the broker or the billing system refuses for good; they are set
   *     aside, not dropped
   * @param dropped events that were given up to make room for newer ones, as {@link
   *     WhenFull#dropOldest} wants it; 0 with any other choice
   * @param rejected events that were never accepted, by reason; reasons with none are absent
   * @param trouble why events are set aside at the moment, how many in a row, and how they come
   *     back, or why the billing system does not take them for now; null once one is delivered
   */
  public record Delivery(
      long accepted,
      long delivered,
      long pending,
      long deadLettered,
      long dropped,
      Map<RejectionReason, Long> rejected,
      @Nullable String trouble) {
    public Delivery {
      rejected = Map.copyOf(rejected);
    }

    /** Of a client that sets no events aside at the moment. */
    public Delivery(
        long accepted,
        long delivered,
        long pending,
        long deadLettered,
        long dropped,
        Map<RejectionReason, Long> rejected) {
      this(accepted, delivered, pending, deadLettered, dropped, rejected, null);
    }
  }

  /**
   * The buffer of accepted events.
   *
   * @param onDisk false for a buffer in memory
   * @param bytes bytes that it holds
   * @param segments files that it consists of; 0 in memory
   * @param quarantined pieces of damaged bytes that were found and kept aside
   * @param unreadable files that this process leaves alone because they cannot be opened, or their
   *     format is newer than this library: an earlier release was started after a later one. Their
   *     events are in no other count, and wait for a release that can read them
   * @param unreadableBytes bytes of those whose format is newer
   * @param oldest when the oldest part of what is pending was begun; null when nothing is, or in
   *     memory
   * @param trouble why events are rejected at the moment, or will be soon: the disk is full or
   *     fails, the directory was removed or moved, or cannot be written; null when all is well
   */
  public record Journal(
      boolean onDisk,
      long bytes,
      int segments,
      long quarantined,
      int unreadable,
      long unreadableBytes,
      @Nullable Instant oldest,
      @Nullable String trouble) {}

  /**
   * The key table.
   *
   * @param loaded whether an update was ever received
   * @param known keys in the table
   * @param blocked how many of them are blocked
   * @param updatedAt when the last update was received; null if none was
   * @param version of the table, which only grows; 0 with protocol v1, which has none
   */
  public record Keys(
      boolean loaded, int known, int blocked, @Nullable Instant updatedAt, long version) {

    /** A table without a version. */
    public Keys(boolean loaded, int known, int blocked, @Nullable Instant updatedAt) {
      this(loaded, known, blocked, updatedAt, 0);
    }
  }
}
