/** Subscriptions: which customer has which plan, from when on. For other features. */
@NullMarked
package io.billingsdk.server.subscriptions;

import org.jspecify.annotations.NullMarked;
