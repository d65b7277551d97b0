package io.billingsdk.broker;

import com.hivemq.bootstrap.ClientConnection;
import com.hivemq.mqtt.handler.disconnect.MqttServerDisconnector;
import com.hivemq.mqtt.handler.publish.DefaultPermissionsEvaluator;
import com.hivemq.mqtt.message.ProtocolVersion;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import io.billingsdk.broker.HandedPublish.Handover;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in the pipeline of one connection, before the broker's handler of publishes. Hands over
 * what a {@link Handover} takes and the sender may publish; all else goes on to the broker, which
 * answers, refusals too.
 *
 * <p>Everything happens on the connection's event loop, except {@link #isGone}, {@link
 * #answerSoon}, {@link #slowDown}, {@link #end}, {@link #endIfUnanswered} and {@link #released},
 * which any thread may call.
 */
final class HandoverHandler extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(HandoverHandler.class);

  /** What a publish costs beyond its payload: the objects that stand for it. */
  private static final int OVERHEAD_BYTES = 512;

  private static final int FIRST_REFUSAL = 0x80;
  static final String NOT_TAKEN = "the server cannot take publishes now";

  private final Handovers handovers;
  private final MqttServerDisconnector disconnector;
  private final Channel channel;
  private final int number;
  private final ByteBudget.Share share;

  private final AtomicBoolean answering = new AtomicBoolean();
  private final Runnable resume = this::resumeSoon;
  private volatile boolean gone;

  // Confined to the event loop.
  private final AnswerOrder order = new AnswerOrder();
  private boolean ending;
  private boolean stopped;
  private boolean slowed;

  HandoverHandler(
      Handovers handovers,
      MqttServerDisconnector disconnector,
      Channel channel,
      String login,
      int number) {
    this.handovers = handovers;
    this.disconnector = disconnector;
    this.channel = channel;
    this.share = handovers.budget().enter(login);
    this.number = number;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (channel.isActive()) {
      handovers.add(this);
    } else {
      left();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof PUBLISH publish)) {
      ctx.fireChannelRead(message);
    } else if (!ending) {
      read(ctx, publish);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    // A refusal is followed by the end of the connection: kept back it would never leave.
    if (message instanceof PUBACK answer
        && answer.getReasonCode().getCode() < FIRST_REFUSAL
        && order.keep(answer, promise)) {
      answerSoon();
    } else {
      var unused = ctx.write(message, promise);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    left();
    order.clear();
    ctx.fireChannelInactive();
  }

  private void left() {
    if (!gone) {
      gone = true;
      handovers.remove(this);
      share.leave(resume);
    }
  }

  private void read(ChannelHandlerContext ctx, PUBLISH publish) {
    boolean awaited = publish.getQoS() == QoS.AT_LEAST_ONCE;
    if (!isHandedOver(publish)) {
      if (awaited && !publish.isDuplicateDelivery()) {
        order.addOfBroker(publish.getPacketIdentifier());
      }
      ctx.fireChannelRead(publish);
      return;
    }
    if (awaited && publish.isDuplicateDelivery() && order.holds(publish.getPacketIdentifier())) {
      // The same once more on this connection: the first of it is answered, and so are both.
      return;
    }
    hand(publish, awaited);
    stopReadingWhenFull();
  }

  private boolean isHandedOver(PUBLISH publish) {
    if (publish.getQoS() == QoS.EXACTLY_ONCE || !handovers.to().takes(publish.getTopic())) {
      return false;
    }
    ClientConnection connection = ClientConnection.of(channel);
    // After a refusal the broker ends the connection and takes nothing more of it.
    return !connection.isIncomingPublishesSkipRest()
        && !connection.isIncomingPublishesDefaultFailedSkipRest()
        && DefaultPermissionsEvaluator.checkPublish(connection.getAuthPermissions(), publish);
  }

  private void hand(PUBLISH publish, boolean awaited) {
    int cost = costOf(publish);
    HandedPublish handed = new HandedPublish(this, publish, cost);
    share.take(cost);
    if (awaited) {
      order.add(handed);
    }
    try {
      handovers.to().received(handed);
    } catch (RuntimeException defect) {
      handovers.defect(defect);
      handed.abandon();
    }
  }

  /** Its properties may be as long as its payload, and are held with it. */
  private static int costOf(PUBLISH publish) {
    byte[] payload = publish.getPayload();
    int said = payload == null ? 0 : payload.length;
    return OVERHEAD_BYTES + Math.max(said, publish.getEstimatedSizeInMemory());
  }

  private void stopReadingWhenFull() {
    if (isWindowFull()) {
      channel.config().setAutoRead(false);
      stopped = true;
    }
    if (share.isFull()) {
      channel.config().setAutoRead(false);
      share.await(resume);
    }
  }

  /** A client of MQTT 5 keeps to the receive maximum by itself, and its pings must be read. */
  private boolean isWindowFull() {
    return order.size() >= handovers.window() && !knowsRefusals();
  }

  private void resumeSoon() {
    onEventLoop(
        () -> {
          if (!gone && !slowed && !isWindowFull()) {
            channel.config().setAutoRead(true);
          }
        });
  }

  /** Reads nothing for a time, which is short beside a keep-alive: its pings wait too. */
  void slowDown(Duration pause) {
    if (channel.eventLoop().inEventLoop()) {
      // At once: later, a megabyte more would have been read.
      slowDownNow(pause);
    } else {
      onEventLoop(() -> slowDownNow(pause));
    }
  }

  private void slowDownNow(Duration pause) {
    if (!gone && !slowed) {
      slowed = true;
      channel.config().setAutoRead(false);
      var unused =
          channel.eventLoop().schedule(this::speedUp, pause.toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  private void speedUp() {
    slowed = false;
    if (gone) {
      return;
    }
    if (share.isFull()) {
      share.await(resume);
    } else if (!isWindowFull()) {
      channel.config().setAutoRead(true);
    }
  }

  /** Charges for what comes of packets before they are whole. */
  PartialPackets partialPackets() {
    return new PartialPackets(share, this::stopReadingWhenFull);
  }

  /** Whose connection it is. */
  String login() {
    return share.login();
  }

  int number() {
    return number;
  }

  /** Whether its client reads the codes of PUBACKs. */
  boolean knowsRefusals() {
    return ClientConnection.of(channel).getProtocolVersion() == ProtocolVersion.MQTTv5;
  }

  boolean isGone() {
    return gone;
  }

  void released(int cost) {
    share.release(cost);
  }

  /** Writes the PUBACKs that may leave; many calls before it has begun are one. */
  void answerSoon() {
    if (answering.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      onEventLoop(this::answer);
    }
  }

  private void answer() {
    // First: messages settled from here on ask again.
    answering.set(false);
    ChannelHandlerContext ctx = channel.pipeline().context(this);
    if (gone || ctx == null) {
      return;
    }
    // Once it is about to end, nothing that was given up may look as if it was answered.
    if (!ending && order.write(ctx) > 0) {
      ctx.flush();
    }
    if (stopped && !slowed && order.size() <= handovers.window() / 2 && !share.isFull()) {
      stopped = false;
      channel.config().setAutoRead(true);
    }
  }

  /** Ends the connection; publishes without a PUBACK get none. */
  void end() {
    onEventLoop(this::endNow);
  }

  /** Ends the connection if its client waits for a PUBACK. */
  void endIfUnanswered() {
    onEventLoop(
        () -> {
          if (order.size() > 0) {
            endNow();
          }
        });
  }

  private void endNow() {
    if (!gone && !ending) {
      ending = true;
      disconnector.disconnect(
          channel,
          null,
          NOT_TAKEN,
          Mqtt5DisconnectReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
          NOT_TAKEN);
    }
  }

  private void onEventLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException ended) {
      log.debug("the broker has ended");
    }
  }
}
