package io.billingsdk.testbed;

import static java.util.Objects.requireNonNull;

import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import io.billingsdk.broker.EmbeddedBrokerBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Decides in an embedded broker, message by message, whether a PUBLISH is delivered and whether it
 * is acknowledged, and records each CONNECT.
 *
 * <ul>
 *   <li>The script is asked for every inbound PUBLISH of every client, before topic rules are
 *       checked, in the order in which one client sent them. It must not block.
 *   <li>Without a script, and after {@link #deliverAll()}, everything is delivered.
 *   <li>A verdict concerns QoS 0 and 1; the acknowledgements of QoS 2 are always sent.
 * </ul>
 *
 * <p>Thread-safe. Use one object for one broker, across its restarts.
 */
public final class ScriptedFaults implements ClientInitializer {

  /** Says what happens to a message. */
  @FunctionalInterface
  public interface Script {
    /** Called on a thread of the broker. */
    Verdict decide(String clientId, String topic, byte[] payload);
  }

  private static final Script DELIVER_ALL = (clientId, topic, payload) -> Verdict.DELIVER;

  private final List<RecordedConnect> connects = new CopyOnWriteArrayList<>();
  private volatile Script script = DELIVER_ALL;

  /** Adds this to a broker: {@code EmbeddedTestBroker.in(directory, faults::installIn)}. */
  public void installIn(EmbeddedBrokerBuilder builder) {
    builder
        .clientInitializer(this)
        .connectInterceptor(
            (input, output) -> connects.add(RecordedConnect.of(input.getConnectPacket())));
  }

  /** Sets the script for messages from now on. */
  public void script(Script next) {
    this.script = requireNonNull(next, "next");
  }

  /** Ends the script: from now on everything is delivered. */
  public void deliverAll() {
    this.script = DELIVER_ALL;
  }

  /** Every CONNECT until now, in the order of arrival, refused ones included. */
  public List<RecordedConnect> connects() {
    return List.copyOf(connects);
  }

  @Override
  public void initialize(InitializerInput input, ClientContext context) {
    PubackFilter filter = PubackFilter.installIn(input.getConnectionInformation());
    String clientId = input.getClientInformation().getClientId();
    PublishInboundInterceptor interceptor =
        (publish, output) -> apply(clientId, publish, output, filter);
    context.addPublishInboundInterceptor(interceptor);
  }

  private void apply(
      String clientId,
      PublishInboundInput input,
      PublishInboundOutput output,
      PubackFilter filter) {
    PublishPacket packet = input.getPublishPacket();
    Verdict verdict = script.decide(clientId, packet.getTopic(), payload(packet));
    if (!verdict.acknowledged()) {
      filter.swallow(packet.getPacketId());
    }
    if (!verdict.delivered()) {
      output.preventPublishDelivery(verdict.code());
    }
  }

  private static byte[] payload(PublishPacket packet) {
    ByteBuffer view = packet.getPayload().map(ByteBuffer::duplicate).orElse(ByteBuffer.allocate(0));
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }
}
