package io.billingsdk.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.examples.api.ChatChunk;
import io.billingsdk.examples.api.ChatMessage;
import io.billingsdk.examples.api.ChatRequest;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LlmServiceTest {
  private static final ChatRequest REQUEST =
      ChatRequest.newBuilder()
          .addMessages(ChatMessage.newBuilder().setRole("user").setContent("a b c d e f g h i j."))
          .build();

  @Test
  void stream_clientLeavesAfterTwoPieces_isChargedWhatWasSent() throws BadInput {
    LeavingClient call = new LeavingClient(2);
    LlmService.stream(Completion.of(REQUEST, "summary-1"), call);
    assertThat(call.received).hasSize(2);
    assertThat(charge(call)).isEqualTo(11 + 8);
  }

  @Test
  void stream_clientStays_isChargedAllAndEndsWithTheSameUsage() throws BadInput {
    LeavingClient call = new LeavingClient(Integer.MAX_VALUE);
    LlmService.stream(Completion.of(REQUEST, "summary-1"), call);
    assertThat(charge(call)).isEqualTo(22);
    assertThat(call.received.get(call.received.size() - 1).getDone().getUsage().getTotalTokens())
        .isEqualTo(22);
  }

  private static double charge(LeavingClient call) {
    TokenMeter<ChatChunk> meter = TokenMeter.ofPieces();
    meter.request(REQUEST);
    call.received.forEach(meter::response);
    return meter.usage(0);
  }

  /** A call whose client leaves after some messages. */
  private static final class LeavingClient extends ServerCallStreamObserver<ChatChunk> {
    private final List<ChatChunk> received = new ArrayList<>();
    private final int patience;

    LeavingClient(int patience) {
      this.patience = patience;
    }

    @Override
    public boolean isCancelled() {
      return received.size() >= patience;
    }

    @Override
    public void onNext(ChatChunk chunk) {
      received.add(chunk);
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {}

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}
  }
}
