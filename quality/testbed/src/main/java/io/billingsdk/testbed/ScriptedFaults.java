package io.billingsdk.testbed;

import static java.util.Objects.requireNonNull;

import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import io.billingsdk.broker.EmbeddedBrokerBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

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

  /**
   * What a broker with {@link ScriptedFaults} does with one PUBLISH. Immutable.
   *
   * @param delivered whether subscribers get it
   * @param acknowledged whether its sender gets a PUBACK
   * @param code the code of the PUBACK when it is not delivered; ignored when it is
   */
  public record Verdict(boolean delivered, boolean acknowledged, AckReasonCode code) {

    /** Delivered and acknowledged, as without a script. */
    public static final Verdict DELIVER = new Verdict(true, true, AckReasonCode.SUCCESS);

    /** Neither delivered nor acknowledged, ever. */
    public static final Verdict SILENT = new Verdict(false, false, AckReasonCode.SUCCESS);

    /** Delivered, but the sender never learns of it: the PUBACK is lost. */
    public static final Verdict DELIVER_UNACKNOWLEDGED =
        new Verdict(true, false, AckReasonCode.SUCCESS);

    /** Acknowledged as a success and dropped, as by a broker whose queue is full. */
    public static final Verdict DROP = new Verdict(false, true, AckReasonCode.SUCCESS);

    /** Not delivered; the PUBACK has this code. */
    public static Verdict refuse(AckReasonCode code) {
      return new Verdict(false, true, code);
    }
  }

  /**
   * A CONNECT packet as the broker received it, without its password.
   *
   * @param sessionExpirySeconds how long the session shall outlive its connection
   * @param maximumPacketSize in bytes
   * @param userName null when the packet has none
   */
  public record RecordedConnect(
      String clientId,
      boolean cleanStart,
      long sessionExpirySeconds,
      int keepAliveSeconds,
      int receiveMaximum,
      long maximumPacketSize,
      @Nullable String userName) {

    static RecordedConnect of(ConnectPacket packet) {
      return new RecordedConnect(
          packet.getClientId(),
          packet.getCleanStart(),
          packet.getSessionExpiryInterval(),
          packet.getKeepAlive(),
          packet.getReceiveMaximum(),
          packet.getMaximumPacketSize(),
          packet.getUserName().orElse(null));
    }
  }
}
