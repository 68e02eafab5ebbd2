// Playing before anybody has pressed anything: with sound if the browser lets a page, else without. What must not be here: words.

/** @param {HTMLVideoElement} video @returns {Promise<boolean>}  Whether it may play; otherwise a person must press. */
export async function playIfAllowed(video) {
  try {
    await video.play();
    return true;
  } catch (refusal) {
    if (!(refusal instanceof DOMException) || refusal.name !== 'NotAllowedError') return true; // another source came meanwhile
    if (video.muted) return false;
    video.muted = true;
    return playIfAllowed(video);
  }
}
