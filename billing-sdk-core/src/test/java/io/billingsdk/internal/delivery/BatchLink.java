package io.billingsdk.internal.delivery;

import static java.util.Objects.requireNonNull;

import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkObserver;
import io.billingsdk.internal.link.OutgoingMessage;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsageBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A link that reads the batches that are published, and answers when and what the test says. */
final class BatchLink implements BrokerLink {

  /** One batch that was published. */
  record SentBatch(
      UUID stream, List<Long> seqs, String json, boolean compressed, Consumer<PublishResult> told) {
    void answer(Outcome outcome) {
      told.accept(new PublishResult(outcome, "said " + outcome));
    }
  }

  private final Deque<SentBatch> unanswered = new ArrayDeque<>();
  private final List<SentBatch> fresh = new ArrayList<>();
  private Runnable onReconnect = () -> {};
  private int reconnects;
  private @Nullable Error broken;

  /** From now on a publish throws; null to end that. */
  void breakDown(@Nullable Error error) {
    broken = error;
  }

  @Override
  public void start(LinkObserver observer) {}

  @Override
  public void publish(OutgoingMessage message, Consumer<PublishResult> callback) {
    if (broken != null) {
      throw broken;
    }
    try {
      byte[] json =
          message.isCompressed()
              ? Gzip.expand(message.payload(), Bounds.BATCH_BYTES)
              : message.payload();
      UsageBatch batch = UsageBatch.decode(json);
      SentBatch sent =
          new SentBatch(
              batch.stream(),
              batch.events().stream().map(ReceivedEvent::seq).toList(),
              new String(json, StandardCharsets.UTF_8),
              message.isCompressed(),
              callback);
      unanswered.addLast(sent);
      fresh.add(sent);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  @Override
  public void reconnect(String why) {
    reconnects++;
    onReconnect.run();
  }

  @Override
  public CompletableFuture<Void> close() {
    return CompletableFuture.completedFuture(null);
  }

  void onReconnect(Runnable action) {
    onReconnect = action;
  }

  int reconnects() {
    return reconnects;
  }

  /** What was sent since the last call. */
  List<SentBatch> newlySent() {
    List<SentBatch> taken = List.copyOf(fresh);
    fresh.clear();
    return taken;
  }

  /** The numbers of what was sent since the last call, a list for each batch. */
  List<List<Long>> newSeqs() {
    return newlySent().stream().map(SentBatch::seqs).toList();
  }

  int unanswered() {
    return unanswered.size();
  }

  /** The oldest that has no answer, which then counts as answered. */
  SentBatch oldest() {
    return requireNonNull(unanswered.pollFirst(), "everything is answered");
  }

  /** Answers all that are unanswered now, and what that sends. */
  void answerAll(Outcome outcome) {
    while (!unanswered.isEmpty()) {
      oldest().answer(outcome);
    }
  }

  /** The connection is gone, and what had no answer will have none. */
  List<SentBatch> forget() {
    List<SentBatch> lost = List.copyOf(unanswered);
    unanswered.clear();
    return lost;
  }
}
