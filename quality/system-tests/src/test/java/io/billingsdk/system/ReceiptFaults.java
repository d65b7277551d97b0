package io.billingsdk.system;

import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import com.hivemq.extension.sdk.api.services.publish.Publish;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loses, delays or duplicates half of all receipts in an embedded broker, in equal parts, and never
 * tells the collector: its PUBACK says success. Seeded. Other messages pass.
 */
final class ReceiptFaults implements ClientInitializer {
  private static final int MAX_DELAY_MILLIS = 4_000;

  private final Random random;
  private final AtomicLong all = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong delayed = new AtomicLong();
  private final AtomicLong duplicated = new AtomicLong();

  ReceiptFaults(long seed) {
    this.random = new Random(seed);
  }

  long all() {
    return all.get();
  }

  long lost() {
    return lost.get();
  }

  long delayed() {
    return delayed.get();
  }

  long duplicated() {
    return duplicated.get();
  }

  boolean eachHappened() {
    return lost() > 0 && delayed() > 0 && duplicated() > 0;
  }

  @Override
  public void initialize(InitializerInput input, ClientContext context) {
    context.addPublishInboundInterceptor(this::apply);
  }

  private void apply(PublishInboundInput input, PublishInboundOutput output) {
    PublishPacket packet = input.getPublishPacket();
    if (!packet.getTopic().endsWith("/receipts")) {
      return;
    }
    all.incrementAndGet();
    int fault = draw(6);
    if (fault < 2) {
      output.preventPublishDelivery(AckReasonCode.SUCCESS);
    }
    switch (fault) {
      case 0 -> lost.incrementAndGet();
      case 1 -> {
        delayed.incrementAndGet();
        again(packet, 200 + draw(MAX_DELAY_MILLIS));
      }
      case 2 -> {
        duplicated.incrementAndGet();
        again(packet, draw(MAX_DELAY_MILLIS));
      }
      default -> {}
    }
  }

  private synchronized int draw(int bound) {
    return random.nextInt(bound);
  }

  private static void again(PublishPacket packet, int afterMillis) {
    Publish copy = Builders.publish().fromPublish(packet).build();
    CompletableFuture.delayedExecutor(afterMillis, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              // Lost with the broker, it is one more lost receipt.
              var unused = Services.publishService().publish(copy);
            });
  }
}
