package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.interceptor.suback.SubackOutboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.suback.parameter.SubackOutboundInput;
import com.hivemq.extension.sdk.api.interceptor.suback.parameter.SubackOutboundOutput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.SubscribeInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundInput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundOutput;
import com.hivemq.extension.sdk.api.packets.subscribe.SubackReasonCode;
import com.hivemq.extension.sdk.api.packets.subscribe.Subscription;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells of subscriptions of one client that the broker refused. The answer has codes and no
 * filters, so the filters are kept from the question until the answer.
 */
final class RefusedSubscriptions implements SubscribeInboundInterceptor, SubackOutboundInterceptor {
  /** Questions without an answer; a client that sends more is not reported. */
  private static final int MOST_OPEN = 64;

  private final Consumer<RefusedClient> refusals;
  private final Map<Integer, List<String>> asked = new ConcurrentHashMap<>();

  private RefusedSubscriptions(Consumer<RefusedClient> refusals) {
    this.refusals = refusals;
  }

  static void watch(ClientContext client, Consumer<RefusedClient> refusals) {
    RefusedSubscriptions watching = new RefusedSubscriptions(refusals);
    client.addSubscribeInboundInterceptor(watching);
    client.addSubackOutboundInterceptor(watching);
  }

  @Override
  public void onInboundSubscribe(SubscribeInboundInput input, SubscribeInboundOutput output) {
    if (asked.size() < MOST_OPEN) {
      asked.put(
          input.getSubscribePacket().getPacketId(),
          input.getSubscribePacket().getSubscriptions().stream()
              .map(Subscription::getTopicFilter)
              .toList());
    }
  }

  @Override
  public void onOutboundSuback(SubackOutboundInput input, SubackOutboundOutput output) {
    List<String> filters = asked.remove(input.getSubackPacket().getPacketIdentifier());
    List<SubackReasonCode> codes = input.getSubackPacket().getReasonCodes();
    for (int i = 0; filters != null && i < Math.min(filters.size(), codes.size()); i++) {
      if (codes.get(i) == SubackReasonCode.NOT_AUTHORIZED) {
        refusals.accept(Refusing.of(input, RefusedClient.Reason.SUBSCRIBE, filters.get(i)));
      }
    }
  }
}
