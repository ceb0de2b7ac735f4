// What the server's clock says, whatever this computer believes.
let offset = 0;

export const setServerTime = (epochMs) => {
  offset = epochMs - Date.now();
};
export const serverNow = () => Date.now() + offset;
