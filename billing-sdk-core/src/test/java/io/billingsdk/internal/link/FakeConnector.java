package io.billingsdk.internal.link;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens attempts that do nothing until the test says what comes of them. */
final class FakeConnector implements Connector {
  private final List<ConnectAttempt> attempts = new ArrayList<>();
  private @Nullable Consumer<ConnectAttempt> fate;
  private @Nullable RuntimeException failure;
  private boolean shutDown;

  /** One attempt. */
  static final class ConnectAttempt implements Connection {
    private final Events events;
    private final List<String> published = new ArrayList<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private @Nullable Consumer<PublishResult> callback;
    private int closes;

    private ConnectAttempt(Events events) {
      this.events = events;
    }

    @Override
    public void publish(OutgoingMessage message, Consumer<PublishResult> callback) {
      published.add(message.topic());
      this.callback = callback;
    }

    @Override
    public CompletableFuture<Void> close() {
      closes++;
      return closing;
    }

    Events events() {
      return events;
    }

    List<String> published() {
      return published;
    }

    void answer(PublishResult result) {
      requireNonNull(callback, "nothing was published").accept(result);
    }

    boolean isClosed() {
      return closes > 0;
    }

    void closed() {
      closing.complete(null);
    }
  }

  @Override
  public Connection open(Events events) {
    if (failure != null) {
      throw failure;
    }
    ConnectAttempt attempt = new ConnectAttempt(events);
    attempts.add(attempt);
    if (fate != null) {
      fate.accept(attempt);
    }
    return attempt;
  }

  @Override
  public void shutdown() {
    shutDown = true;
  }

  /** What becomes of every attempt from now on, at once. */
  void everyAttempt(Consumer<ConnectAttempt> newFate) {
    fate = newFate;
  }

  /** Opening throws from now on; null to end that. */
  void failToOpen(@Nullable RuntimeException newFailure) {
    failure = newFailure;
  }

  int attempts() {
    return attempts.size();
  }

  ConnectAttempt last() {
    return attempts.get(attempts.size() - 1);
  }

  boolean isShutDown() {
    return shutDown;
  }
}
