/** Tests of what health shows. */
@NullMarked
package io.billingsdk.server.health;

import org.jspecify.annotations.NullMarked;
