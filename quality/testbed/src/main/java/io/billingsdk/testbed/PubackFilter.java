package io.billingsdk.testbed;

import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.mqtt.message.puback.PUBACK;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps chosen PUBACK packets of one connection from leaving the broker.
 *
 * <p>The broker's interceptors cannot do this: one that never finishes also stops everything else
 * of that client, its next connection included. So this sits in the connection's Netty pipeline,
 * which is reached through a private field of the broker's pinned version.
 */
final class PubackFilter extends ChannelOutboundHandlerAdapter {

  private static final String NAME = "scripted-faults";

  private final Set<Integer> swallowed = ConcurrentHashMap.newKeySet();

  private PubackFilter() {}

  static PubackFilter installIn(ConnectionInformation connection) {
    PubackFilter filter = new PubackFilter();
    channel(connection).pipeline().addAfter(ChannelHandlerNames.MQTT_MESSAGE_ENCODER, NAME, filter);
    return filter;
  }

  /** The PUBACK with this packet id will not be sent. */
  void swallow(int packetId) {
    swallowed.add(packetId);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof PUBACK puback && swallowed.remove(puback.getPacketIdentifier())) {
      promise.setSuccess();
      return;
    }
    super.write(context, message, promise);
  }

  private static Channel channel(ConnectionInformation connection) {
    Object store = connection.getConnectionAttributeStore();
    try {
      Field field = store.getClass().getDeclaredField("channel");
      field.setAccessible(true);
      return (Channel) field.get(store);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this broker version hides its channel elsewhere: " + store.getClass(), e);
    }
  }
}
