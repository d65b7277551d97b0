package io.billingsdk.internal.link;

import java.util.List;

/**
 * The MQTT library and what it needs: a class of each of their jars. Missing on a thread of Netty,
 * one of them shows as a connection that was closed, or as nothing at all.
 */
final class MqttLibrary {
  /** Names, since not all of these are on our own class path when this is compiled. */
  private static final List<String> PARTS =
      List.of(
          "com.hivemq.client.mqtt.MqttClient",
          "io.netty.buffer.ByteBuf",
          "io.netty.channel.nio.NioEventLoopGroup",
          "io.netty.channel.unix.Socket",
          "io.netty.handler.codec.ByteToMessageDecoder",
          "io.netty.handler.ssl.SslHandler",
          "io.netty.handler.timeout.IdleStateHandler",
          "io.netty.resolver.DefaultAddressResolverGroup",
          "io.netty.util.concurrent.EventExecutor",
          "io.reactivex.Flowable",
          "org.reactivestreams.Publisher",
          "org.jctools.queues.SpscUnboundedArrayQueue",
          "dagger.internal.DoubleCheck",
          "javax.inject.Provider");

  private MqttLibrary() {}

  /**
   * Looks for all of them.
   *
   * @throws NoClassDefFoundError with the name of one that is missing
   */
  static void verify() {
    for (String part : PARTS) {
      try {
        Class.forName(part, /* initialize= */ false, MqttLibrary.class.getClassLoader());
      } catch (ClassNotFoundException missing) {
        throw missing(part, missing);
      }
    }
  }

  private static NoClassDefFoundError missing(String part, ClassNotFoundException why) {
    NoClassDefFoundError error = new NoClassDefFoundError(part);
    error.initCause(why);
    return error;
  }
}
