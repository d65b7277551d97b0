package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The guard between a handler and a revocation, step by step. */
final class RevocableCallTest {
  private final RecordedCall sent = new RecordedCall();
  private final List<Denial> revoked = new ArrayList<>();
  private final RevocableCall<String, String> call = new RevocableCall<>(sent, revoked::add);

  @Test
  void revoke_idleCall_sendsTheRefusalOnce() {
    assertThat(call.revoke(Denial.BLOCKED)).isTrue();
    assertThat(call.revoke(Denial.BLOCKED)).isFalse();
    assertThat(sent.events).containsExactly("close PERMISSION_DENIED");
    assertThat(revoked).containsExactly(Denial.BLOCKED);
    assertThat(call.isCancelled()).isTrue();
    assertThat(call.isReady()).isFalse();
  }

  @Test
  void handler_afterRevocation_isSwallowed() {
    call.revoke(Denial.BLOCKED);
    call.sendHeaders(new Metadata());
    call.sendMessage("late");
    call.close(Status.OK, new Metadata());
    assertThat(sent.events).containsExactly("close PERMISSION_DENIED");
  }

  @Test
  void revoke_whileTheHandlerIsInside_isSentWhenItLeaves() {
    sent.during = () -> call.revoke(Denial.BLOCKED);
    call.sendMessage("one");
    assertThat(sent.events).containsExactly("message one", "close PERMISSION_DENIED");
    assertThat(revoked).hasSize(1);
  }

  @Test
  void revoke_whileTheHandlerIsInside_thatThrows_isStillSent() {
    sent.during =
        () -> {
          call.revoke(Denial.BLOCKED);
          throw new IllegalStateException("the transport is broken");
        };
    assertThatThrownBy(() -> call.sendMessage("one")).hasMessage("the transport is broken");
    assertThat(sent.events).containsExactly("message one", "close PERMISSION_DENIED");
  }

  @Test
  void revoke_closedCall_doesNothing() {
    call.close(Status.OK, new Metadata());
    assertThat(call.revoke(Denial.BLOCKED)).isFalse();
    assertThat(sent.events).containsExactly("close OK");
    assertThat(call.isCancelled()).isFalse();
    assertThat(revoked).isEmpty();
  }

  @Test
  void close_fromWithinAMessage_endsItOnce() {
    sent.during = () -> call.close(Status.OK, new Metadata());
    call.sendMessage("one");
    assertThat(call.revoke(Denial.BLOCKED)).isFalse();
    assertThat(sent.events).containsExactly("message one", "close OK");
  }

  @Test
  void close_afterARevocationInsideOfAMessage_leavesTheRefusalToTheMessage() {
    sent.during =
        () -> {
          call.revoke(Denial.BLOCKED);
          call.close(Status.OK, new Metadata());
        };
    call.sendMessage("one");
    assertThat(sent.events).containsExactly("message one", "close PERMISSION_DENIED");
  }

  @Test
  void listener_afterRevocation_hearsOnlyThatItWasCancelled() {
    List<String> heard = new ArrayList<>();
    AtomicBoolean ended = new AtomicBoolean();
    RevocableListener<String> listener =
        new RevocableListener<>(
            new Recorder(heard),
            call,
            () -> ended.set(true),
            LoggerFactory.getLogger(RevocableCallTest.class));
    listener.onMessage("before");
    call.revoke(Denial.BLOCKED);
    listener.onMessage("after");
    listener.onReady();
    listener.onHalfClose();
    assertThat(ended).isFalse();
    listener.onComplete();
    assertThat(heard).containsExactly("message before", "cancel");
    assertThat(ended).isTrue();
  }

  @Test
  void listener_handlerThatThrows_isSwallowedOnlyWhenRevoked() {
    ServerCall.Listener<String> throwing =
        new ServerCall.Listener<>() {
          @Override
          public void onCancel() {
            throw new IllegalStateException("too late");
          }
        };
    AtomicBoolean ended = new AtomicBoolean();
    RevocableListener<String> listener =
        new RevocableListener<>(
            throwing,
            call,
            () -> ended.set(true),
            LoggerFactory.getLogger(RevocableCallTest.class));
    assertThatThrownBy(listener::onCancel).hasMessage("too late");
    assertThat(ended).isTrue();
    call.revoke(Denial.BLOCKED);
    assertThatCode(listener::onCancel).doesNotThrowAnyException();
  }

  private static final class Recorder extends ServerCall.Listener<String> {
    private final List<String> heard;

    Recorder(List<String> heard) {
      this.heard = heard;
    }

    @Override
    public void onMessage(String message) {
      heard.add("message " + message);
    }

    @Override
    public void onHalfClose() {
      heard.add("half-close");
    }

    @Override
    public void onReady() {
      heard.add("ready");
    }

    @Override
    public void onCancel() {
      heard.add("cancel");
    }

    @Override
    public void onComplete() {
      heard.add("complete");
    }
  }
}
