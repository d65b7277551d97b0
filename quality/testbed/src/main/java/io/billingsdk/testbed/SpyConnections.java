package io.billingsdk.testbed;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.reactivex.schedulers.Schedulers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes the connections of one {@link WireSpy}, on threads that are the spy's own. */
final class SpyConnections {

  private final TestBroker broker;
  private final Role role;
  private final String clientId = "spy-" + UUID.randomUUID();

  /**
   * Never shut down: the client still hands it tasks after its last connection has ended, and a
   * refused one is an error on the console. Idle, it has no thread and is collected.
   */
  private final Executor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "wire-spy-io");
            thread.setDaemon(true);
            return thread;
          });

  SpyConnections(TestBroker broker, Role role) {
    this.broker = broker;
    this.role = role;
  }

  Mqtt5AsyncClient newClient(CountDownLatch lost) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(clientId)
        .serverHost(broker.host())
        .serverPort(broker.port())
        .sslConfig(
            MqttClientSslConfig.builder()
                .trustManagerFactory(OneAuthority.trust(broker.caPem()))
                .handshakeTimeout(WireSpy.ATTEMPT_SECONDS, TimeUnit.SECONDS)
                .build())
        .executorConfig(
            // The library's own scheduler is shared with every other client of the JVM.
            MqttClientExecutorConfig.builder()
                .nettyExecutor(threads)
                .nettyThreads(1)
                .applicationScheduler(Schedulers.from(threads))
                .build())
        .simpleAuth()
        .username(broker.user(role))
        .password(broker.password(role).getBytes(StandardCharsets.UTF_8))
        .applySimpleAuth()
        .addDisconnectedListener(context -> lost.countDown())
        .buildAsync();
  }

  void discard(Mqtt5AsyncClient client) {
    // Fails when there is no connection, and that is what is wanted.
    var unused = client.disconnect();
  }
}
