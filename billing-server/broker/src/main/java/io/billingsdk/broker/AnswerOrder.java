package io.billingsdk.broker;

import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of QoS 1 of one connection that have no PUBACK yet, in the order in which they
 * came. MQTT demands that PUBACKs leave in this order ([MQTT-4.6.0-2]), whatever their origin:
 * those of the broker wait here for those that were handed over before them. For the connection's
 * event loop.
 */
final class AnswerOrder {
  private final Deque<Place> places = new ArrayDeque<>();

  /** One publish: handed over, or left to the broker, which then brings the PUBACK. */
  private static final class Place {
    private final int packetId;
    private final @Nullable HandedPublish handed;
    private @Nullable PUBACK brokers;
    private @Nullable ChannelPromise promise;

    Place(int packetId, @Nullable HandedPublish handed) {
      this.packetId = packetId;
      this.handed = handed;
    }

    boolean isReady() {
      return handed == null ? brokers != null : handed.isAnswered();
    }
  }

  void add(HandedPublish publish) {
    places.add(new Place(publish.packetId(), publish));
  }

  /** A publish that the broker answers. */
  void addOfBroker(int packetId) {
    places.add(new Place(packetId, null));
  }

  /** Whether a publish under this packet id is without an answer. */
  boolean holds(int packetId) {
    return places.stream().anyMatch(each -> each.packetId == packetId);
  }

  /** Publishes without an answer. */
  int size() {
    return places.size();
  }

  /** Keeps a PUBACK of the broker until its turn comes; false when nothing of it is known here. */
  boolean keep(PUBACK answer, ChannelPromise promise) {
    for (Place each : places) {
      if (each.handed == null
          && each.brokers == null
          && each.packetId == answer.getPacketIdentifier()) {
        each.brokers = answer;
        each.promise = promise;
        return true;
      }
    }
    return false;
  }

  /** Writes what may leave, without a flush; returns how many those were. */
  int write(ChannelHandlerContext ctx) {
    int written = 0;
    for (Place head = places.peek(); head != null && head.isReady(); head = places.peek()) {
      places.remove();
      write(ctx, head);
      written++;
    }
    return written;
  }

  private static void write(ChannelHandlerContext ctx, Place place) {
    PUBACK brokers = place.brokers;
    ChannelPromise promise = place.promise;
    if (brokers != null && promise != null) {
      var unused = ctx.write(brokers, promise);
    } else {
      var unused = ctx.write(answer(place));
    }
  }

  private static PUBACK answer(Place place) {
    HandedPublish handed = place.handed;
    return handed != null && handed.isRefused()
        ? new PUBACK(
            place.packetId,
            Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            HandoverHandler.NOT_TAKEN,
            Mqtt5UserProperties.NO_USER_PROPERTIES)
        : new PUBACK(place.packetId);
  }

  /** The connection has ended: nothing leaves from now on. */
  void clear() {
    for (Place each : places) {
      ChannelPromise promise = each.promise;
      if (promise != null) {
        promise.tryFailure(new ClosedChannelException());
      }
    }
    places.clear();
  }
}
