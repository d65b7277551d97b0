package io.billingsdk.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Charges a connection's share for what came of a packet that is not whole: the decoder keeps it
 * until its end comes, which may be never. Stands before the decoder, and {@link #behind} it. For
 * the connection's event loop.
 */
final class PartialPackets extends ChannelInboundHandlerAdapter {
  /** About what one read of a socket brings; not charged, so that small packets cost nothing. */
  private static final int FREE_BYTES = 64 << 10;

  private final ByteBudget.Share share;
  private final Runnable charged;
  private int kept;
  private int taken;

  /**
   * Of a connection.
   *
   * @param charged run when more was taken of its share
   */
  PartialPackets(ByteBudget.Share share, Runnable charged) {
    this.share = share;
    this.charged = charged;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      kept += bytes.readableBytes();
    }
    ctx.fireChannelRead(message);
    int due = Math.max(0, kept - FREE_BYTES);
    if (due > taken) {
      share.take(due - taken);
      taken = due;
      charged.run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    whole();
    ctx.fireChannelInactive();
  }

  /** Sees that packets became whole. */
  ChannelInboundHandlerAdapter behind() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        whole();
        ctx.fireChannelRead(message);
      }
    };
  }

  private void whole() {
    int before = taken;
    kept = 0;
    taken = 0;
    if (before > 0) {
      share.release(before);
    }
  }
}
