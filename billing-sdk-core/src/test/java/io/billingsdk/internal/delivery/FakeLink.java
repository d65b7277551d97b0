package io.billingsdk.internal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkObserver;
import io.billingsdk.internal.link.OutgoingMessage;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.link.PublishResult.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A link that remembers what was published and answers when and what the test says. */
final class FakeLink implements BrokerLink {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One message that was published. */
  record SentMessage(String topic, String payload, long seq, Consumer<PublishResult> callback) {
    void answer(Outcome outcome) {
      callback.accept(new PublishResult(outcome, "said " + outcome));
    }
  }

  private final Deque<SentMessage> unanswered = new ArrayDeque<>();
  private final List<SentMessage> fresh = new ArrayList<>();
  private final List<String> reconnects = new ArrayList<>();
  private Runnable onReconnect = () -> {};
  private @Nullable Error broken;

  @Override
  public void start(LinkObserver observer) {}

  @Override
  public void publish(OutgoingMessage message, Consumer<PublishResult> callback) {
    if (broken != null) {
      throw broken;
    }
    try {
      long seq = JSON.readTree(message.payload()).path("seq").longValue();
      SentMessage sent =
          new SentMessage(message.topic(), new String(message.payload(), UTF_8), seq, callback);
      unanswered.addLast(sent);
      fresh.add(sent);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  @Override
  public void reconnect(String why) {
    reconnects.add(why);
    onReconnect.run();
  }

  @Override
  public CompletableFuture<Void> close() {
    return CompletableFuture.completedFuture(null);
  }

  /** What a reconnect does; the real link tells that it is down before it returns. */
  void onReconnect(Runnable action) {
    onReconnect = action;
  }

  /** From now on a publish throws; null to end that. */
  void breakDown(@Nullable Error error) {
    broken = error;
  }

  List<String> reconnects() {
    return reconnects;
  }

  /** Numbers of what was sent since the last call. */
  List<Long> newlySent() {
    List<Long> seqs = fresh.stream().map(SentMessage::seq).toList();
    fresh.clear();
    return seqs;
  }

  /** What was sent since the last call of this or of {@link #newlySent}. */
  List<SentMessage> takeNewlySent() {
    List<SentMessage> taken = List.copyOf(fresh);
    fresh.clear();
    return taken;
  }

  int unanswered() {
    return unanswered.size();
  }

  /** The oldest that has no answer, which then counts as answered. */
  SentMessage oldest() {
    return requireNonNull(unanswered.pollFirst(), "everything is answered");
  }

  /** Answers the oldest. */
  void answer(Outcome outcome) {
    oldest().answer(outcome);
  }

  /** Answers all that are unanswered now, oldest first, but not what that sends. */
  void answerAll(Outcome outcome) {
    List<SentMessage> now = List.copyOf(unanswered);
    unanswered.clear();
    now.forEach(sent -> sent.answer(outcome));
  }

  /** The connection is gone, and what had no answer will have none. */
  List<SentMessage> forget() {
    List<SentMessage> lost = List.copyOf(unanswered);
    unanswered.clear();
    return lost;
  }
}
