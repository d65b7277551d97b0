/** Tests of the whole server. */
@NullMarked
package io.billingsdk.server;

import org.jspecify.annotations.NullMarked;
