/**
 * For readers of the examples: a client that calls the gateway with good and bad keys, to a plan.
 */
@NullMarked
package io.billingsdk.examples.client;

import org.jspecify.annotations.NullMarked;
